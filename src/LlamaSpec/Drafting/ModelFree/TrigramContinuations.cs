namespace LlamaSpec.Drafting.ModelFree;

/// <summary>The known continuations of two tokens, the heaviest first.</summary>
/// <param name="tokens">Ids.</param>
/// <param name="weights">Shares of the pair's occurrences, in (0, 1].</param>
public readonly ref struct TrigramContinuations(ReadOnlySpan<int> tokens, ReadOnlySpan<float> weights)
{
    /// <summary>Ids.</summary>
    public ReadOnlySpan<int> Tokens { get; } = tokens;

    /// <summary>Shares of the pair's occurrences, in (0, 1]; their sum is at most 1.</summary>
    public ReadOnlySpan<float> Weights { get; } = weights;
}
