namespace LlamaSpec.Scheduling;

/// <summary>How large a round's draft may be.</summary>
/// <param name="Length">Most tokens on one path.</param>
/// <param name="Nodes">Most tokens in all.</param>
/// <param name="Paths">Most paths from the anchor token to a leaf; 1 = chains only.</param>
public readonly record struct DraftLimits(int Length, int Nodes, int Paths)
{
    /// <summary>Chains of a length.</summary>
    public static DraftLimits Chain(int length) => new(length, length, 1);
}
