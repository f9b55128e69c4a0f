using LLama;

namespace LlamaSpec.LLamaSharp;

/// <summary>The weights of a pair.</summary>
/// <param name="Target">The target's.</param>
/// <param name="Draft">The draft's; null = there is none.</param>
internal sealed record PairWeights(LLamaWeights Target, LLamaWeights? Draft)
{
    /// <summary>Where they were loaded from; null (default) = the caller has loaded them, and frees them.</summary>
    public PairFiles? Files { get; init; }

    /// <summary>Why there is no draft, where one was asked for.</summary>
    public string? DraftMissingReason { get; init; }

    /// <summary>What the engine is to free. Weights of a draft that cannot be used are freed at once.</summary>
    public IReadOnlyList<IDisposable> ToOwn(bool usesDraft)
    {
        if (Files is null)
        {
            return [];
        }

        if (usesDraft)
        {
            return [Target, Draft!];
        }

        Draft?.Dispose();
        return [Target];
    }
}
