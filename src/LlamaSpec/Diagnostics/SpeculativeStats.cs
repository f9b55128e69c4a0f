namespace LlamaSpec.Diagnostics;

/// <summary>
/// The figures of one request. Times are those of the steps that served it, whole: requests that share steps share time.
/// </summary>
public readonly record struct SpeculativeStats
{
    /// <summary>Tokens of the prompt.</summary>
    public int PromptTokens { get; init; }

    /// <summary>Prompt tokens that were still in the KV cache from an earlier request.</summary>
    public int CachedPromptTokens { get; init; }

    /// <summary>Tokens generated.</summary>
    public int GeneratedTokens { get; init; }

    /// <summary>Draft, verify, accept, commit cycles.</summary>
    public int Rounds { get; init; }

    /// <summary>Rounds with nothing drafted.</summary>
    public int RoundsWithoutDraft { get; init; }

    /// <summary>Tokens drafted.</summary>
    public int DraftedTokens { get; init; }

    /// <summary>Drafted tokens that survived verification.</summary>
    public int AcceptedTokens { get; init; }

    /// <summary>Correction tokens sampled from the target because the residual distribution was empty (rounding).</summary>
    public int ResidualFallbacks { get; init; }

    /// <summary>Drafts that were larger than allowed, and were cut to the limits: a fault of the drafter.</summary>
    public int CutDrafts { get; init; }

    /// <summary>Time in the drafter.</summary>
    public double DraftMilliseconds { get; init; }

    /// <summary>Time in the target's decodes, the prompt's included.</summary>
    public double VerifyMilliseconds { get; init; }

    /// <summary>Time in sampling, verification and commit.</summary>
    public double SampleMilliseconds { get; init; }

    /// <summary>Time of the steps outside native calls.</summary>
    public double ManagedOverheadMilliseconds { get; init; }

    /// <summary>From the start of the request to its first token.</summary>
    public double TimeToFirstTokenMilliseconds { get; init; }

    /// <summary>From the first token to the last.</summary>
    public double GenerationMilliseconds { get; init; }

    /// <summary>Why drafting was off, or null when it was on.</summary>
    public string? DisabledReason { get; init; }

    /// <summary>Accepted / drafted; 0 when nothing was drafted.</summary>
    public double AcceptanceRate => DraftedTokens == 0 ? 0 : (double)AcceptedTokens / DraftedTokens;

    /// <summary>Tokens committed a round, the correction or bonus token included.</summary>
    public double MeanAcceptanceLength => Rounds == 0 ? 0 : (double)(AcceptedTokens + Rounds) / Rounds;

    /// <summary>Generated tokens a second, the first token's wait excluded; 0 with fewer than two tokens.</summary>
    public double TokensPerSecond => GenerationMilliseconds <= 0 ? 0 : (GeneratedTokens - FirstRoundTokens) * 1000.0 / GenerationMilliseconds;

    /// <summary>Tokens that the first round gave: they fall into <see cref="TimeToFirstTokenMilliseconds"/>.</summary>
    public int FirstRoundTokens { get; init; }
}
