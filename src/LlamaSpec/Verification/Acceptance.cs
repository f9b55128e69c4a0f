namespace LlamaSpec.Verification;

/// <summary>Where the token after the accepted ones came from.</summary>
public enum NextTokenKind
{
    /// <summary>From the residual distribution, at the first rejection.</summary>
    Correction,

    /// <summary>From the target, after every drafted token was accepted.</summary>
    Bonus,

    /// <summary>From the target after a rejection, because the residual distribution had no mass left (rounding).</summary>
    Fallback,
}

/// <summary>What verification decided about one draft.</summary>
/// <param name="AcceptedCount">Drafted tokens that survive, from the first.</param>
/// <param name="NextToken">The token that follows them: every round commits at least this one.</param>
/// <param name="Kind">Where that token came from.</param>
/// <param name="LastNode">The last accepted node of the tree; -1 = none was accepted.</param>
public readonly record struct Acceptance(int AcceptedCount, int NextToken, NextTokenKind Kind, int LastNode)
{
    /// <summary>What verification decided about a chain, where the nodes are counted as they follow each other.</summary>
    public Acceptance(int acceptedCount, int nextToken, NextTokenKind kind)
        : this(acceptedCount, nextToken, kind, acceptedCount - 1)
    {
    }
}
