namespace LlamaSpec.Policies;

/// <summary>What is known of a draft while it grows. Never holds a token that is still to be decided on.</summary>
public readonly record struct DraftProgress
{
    /// <summary>Tokens drafted so far in this round.</summary>
    public required int DraftedCount { get; init; }

    /// <summary>Most tokens that this round may draft: the engine's limit, the tokens that remain, the context.</summary>
    public required int MaximumLength { get; init; }

    /// <summary>Requests that share this step's batches, this one included.</summary>
    public required int ConcurrentRequests { get; init; }

    /// <summary>Draft probability of the last drafted token, as it was drawn. 1 before the first.</summary>
    public double LastProbability { get; init; }

    /// <summary>Entropy of the distribution that the last drafted token was drawn from, in nats. 0 before the first.</summary>
    public double LastEntropy { get; init; }

    /// <summary>Sum of the logarithms of the drafted tokens' probabilities.</summary>
    public double LogProbability { get; init; }
}
