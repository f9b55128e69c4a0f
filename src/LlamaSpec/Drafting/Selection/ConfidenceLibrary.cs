using LlamaSpec.Policies.Auto;
using LlamaSpec.Sampling;

namespace LlamaSpec.Drafting.Selection;

/// <summary>What the confidence of each model-free drafter is worth, at temperature 0, at low and at high temperatures.</summary>
/// <param name="drafterCount">Drafters.</param>
internal sealed class ConfidenceLibrary(int drafterCount)
{
    private readonly ConfidenceTable[] _tables = [.. Enumerable.Range(0, drafterCount * SamplingGroup.Count).Select(static _ => new ConfidenceTable())];

    /// <summary>The table of a drafter, for a way of sampling.</summary>
    public ConfidenceTable For(int drafter, SamplingOptions sampling) =>
        _tables[(drafter * SamplingGroup.Count) + SamplingGroup.Of(sampling)];

    /// <summary>Forgets everything.</summary>
    public void Clear() => Array.ForEach(_tables, static table => table.Clear());
}
