using LlamaSpec.Diagnostics;

namespace LlamaSpec.Engine;

/// <summary>One step of the answer: a token, or the end.</summary>
public readonly record struct GenerationUpdate
{
    /// <summary>
    /// Text to show now, possibly empty: a character may span tokens, and what may be the start of a stop text is held back.
    /// </summary>
    public required string Text { get; init; }

    /// <summary>The token, or null in the last update.</summary>
    public int? Token { get; init; }

    /// <summary>Natural logarithm of the token's probability under the target's unmodified logits.</summary>
    public float LogProbability { get; init; }

    /// <summary>Why the generation ended; null in all updates but the last.</summary>
    public FinishReason? FinishReason { get; init; }

    /// <summary>The figures of the request; null in all updates but the last.</summary>
    public SpeculativeStats? Stats { get; init; }

    /// <summary>The rounds, in the last update of a request with <see cref="GenerationRequest.Explain"/>.</summary>
    public IReadOnlyList<ExplainedRound>? Rounds { get; init; }
}
