using System.Runtime.InteropServices;

namespace LlamaSpec.Verification;

/// <summary>What was decided about one tree of a <see cref="TreeBatch"/>. The layout is that of <c>lsk_tree_verdict</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct TreeVerdict
{
    /// <summary>Accepted nodes.</summary>
    public int AcceptedCount { get; init; }

    /// <summary>The last of them; -1 = none.</summary>
    public int LastNode { get; init; }

    /// <summary>The token that follows them; -1 = a row on the way held no valid distribution.</summary>
    public int NextToken { get; init; }

    /// <summary>Where that token came from: a <see cref="NextTokenKind"/>.</summary>
    public int Kind { get; init; }

    /// <summary>As an acceptance.</summary>
    public Acceptance ToAcceptance() => new(AcceptedCount, NextToken, (NextTokenKind)Kind, LastNode);
}
