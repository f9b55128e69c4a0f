using LlamaSpec.Sampling;

namespace LlamaSpec.Drafting.Selection;

/// <summary>What the confidence of each model-free drafter is worth, at temperature 0, at low and at high temperatures.</summary>
/// <param name="drafterCount">Drafters.</param>
internal sealed class ConfidenceLibrary(int drafterCount)
{
    // Temperatures up to this one still follow the likeliest tokens most of the time.
    private const float LowTemperature = 0.5f;
    private const int Samplings = 3;

    private readonly ConfidenceTable[] _tables = [.. Enumerable.Range(0, drafterCount * Samplings).Select(static _ => new ConfidenceTable())];

    /// <summary>The table of a drafter, for a way of sampling.</summary>
    public ConfidenceTable For(int drafter, SamplingOptions sampling) =>
        _tables[(drafter * Samplings) + (sampling.IsGreedy ? 0 : sampling.Temperature <= LowTemperature ? 1 : 2)];

    /// <summary>Forgets everything.</summary>
    public void Clear() => Array.ForEach(_tables, static table => table.Clear());
}
