namespace LlamaSpec.Native;

/// <summary>How far the loading of a pair is.</summary>
/// <param name="Model">"target" or "draft".</param>
/// <param name="Fraction">0 to 1.</param>
public readonly record struct LoadProgress(string Model, float Fraction);
