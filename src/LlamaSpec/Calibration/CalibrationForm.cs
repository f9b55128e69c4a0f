namespace LlamaSpec.Calibration;

/// <summary>How thoroughly to measure.</summary>
public enum CalibrationForm
{
    /// <summary>Some numbers of rows at two depths, in 2.5 seconds where the models are fast enough for that.</summary>
    Quick,

    /// <summary>1 to 64 rows at three depths, and which threads, attention and matrix products are the fastest: some ten seconds, minutes for a large model.</summary>
    Full,
}
