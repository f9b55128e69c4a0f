namespace LlamaSpec.Native;

/// <summary>What the loading of a pair is at.</summary>
public enum LoadPhase
{
    /// <summary>A model is read into memory.</summary>
    Model,

    /// <summary>What decodes of the pair cost on this machine is being measured.</summary>
    Calibration,
}
