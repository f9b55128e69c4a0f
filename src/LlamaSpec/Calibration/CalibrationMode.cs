namespace LlamaSpec.Calibration;

/// <summary>What the loading of a pair does about the costs of its decodes.</summary>
public enum CalibrationMode
{
    /// <summary>
    /// Reads what was measured before. Where nothing was, the quick form measures, in 2.5 seconds at most, and stores it for
    /// the next time.
    /// </summary>
    Auto,

    /// <summary>Reads what was measured before, and never measures.</summary>
    Stored,

    /// <summary>Neither reads nor measures: the costs are learned while running.</summary>
    Off,
}
