namespace LlamaSpec.Native;

/// <summary>How far the loading of a pair is.</summary>
/// <param name="Model">"target" or "draft"; "pair" where both are measured.</param>
/// <param name="Fraction">0 to 1, of this phase and model.</param>
public readonly record struct LoadProgress(string Model, float Fraction)
{
    /// <summary>What the loading is at. Default: a model is read.</summary>
    public LoadPhase Phase { get; init; }
}
