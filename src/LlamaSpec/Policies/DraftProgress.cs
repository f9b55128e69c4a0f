namespace LlamaSpec.Policies;

/// <summary>What is known of a draft while it grows. Never holds a token that is still to be decided on.</summary>
public readonly record struct DraftProgress
{
    /// <summary>Tokens drafted so far in this round; in a tree, those on its main path, from which the next pass goes on.</summary>
    public required int DraftedCount { get; init; }

    /// <summary>Most tokens that this round may draft: the engine's limit, the tokens that remain, the context.</summary>
    public required int MaximumLength { get; init; }

    /// <summary>Tokens drafted so far on all paths: <see cref="DraftedCount"/>, as long as the draft is a chain.</summary>
    public int NodeCount { get; init; }

    /// <summary>Requests that share this step's batches, this one included.</summary>
    public required int ConcurrentRequests { get; init; }

    /// <summary>Committed tokens, the prompt's included: the depth at which the target decodes.</summary>
    public int Position { get; init; }

    /// <summary>Tokens that may still be generated, this round's included. <see cref="int.MaxValue"/> = no limit.</summary>
    public int RemainingTokens { get; init; }

    /// <summary>Rows that the next draft pass decodes for this request: 1, and more where the drafter lags behind the committed tokens.</summary>
    public int MissingRows { get; init; }

    /// <summary>
    /// Rows that the step's target batch holds as it stands: the anchor tokens, drafted tokens and prompt rows of all requests.
    /// 1 for a request alone that has drafted nothing.
    /// </summary>
    public int BatchRows { get; init; }

    /// <summary>Draft probability of the last drafted token, as it was drawn. 1 before the first.</summary>
    public double LastProbability { get; init; }

    /// <summary>Entropy of the distribution that the last drafted token was drawn from, in nats. 0 before the first.</summary>
    public double LastEntropy { get; init; }

    /// <summary>Sum of the logarithms of the drafted tokens' probabilities.</summary>
    public double LogProbability { get; init; }
}
