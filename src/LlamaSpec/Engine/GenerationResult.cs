using LlamaSpec.Diagnostics;

namespace LlamaSpec.Engine;

/// <summary>A finished answer.</summary>
/// <param name="Text">The text.</param>
/// <param name="Tokens">Its tokens; those of a stop text are among them.</param>
/// <param name="LogProbabilities">Natural logarithm of each token's probability under the target's unmodified logits.</param>
/// <param name="FinishReason">Why it ended.</param>
/// <param name="Stats">The figures of the request.</param>
public sealed record GenerationResult(
    string Text, IReadOnlyList<int> Tokens, IReadOnlyList<float> LogProbabilities, FinishReason FinishReason, SpeculativeStats Stats)
{
    /// <summary>The rounds of a request with <see cref="GenerationRequest.Explain"/>; else empty.</summary>
    public IReadOnlyList<ExplainedRound> Rounds { get; init; } = [];
}
