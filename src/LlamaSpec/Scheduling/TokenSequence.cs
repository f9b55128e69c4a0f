using System.Diagnostics;

namespace LlamaSpec.Scheduling;

/// <summary>
/// The tokens of one request: the committed ones, then the draft of the current round. One buffer, sized once.
/// The last committed token is the anchor token; it is not in the KV cache yet.
/// </summary>
/// <param name="capacity">Most tokens, the draft included.</param>
public sealed class TokenSequence(int capacity)
{
    private readonly int[] _tokens = new int[capacity];

    /// <summary>Most tokens, the draft included.</summary>
    public int Capacity => _tokens.Length;

    /// <summary>Committed tokens.</summary>
    public int CommittedCount { get; private set; }

    /// <summary>Drafted tokens behind them.</summary>
    public int DraftedCount { get; private set; }

    /// <summary>The committed tokens.</summary>
    public ReadOnlySpan<int> Committed => _tokens.AsSpan(0, CommittedCount);

    /// <summary>The drafted tokens of this round.</summary>
    public ReadOnlySpan<int> Drafted => _tokens.AsSpan(CommittedCount, DraftedCount);

    /// <summary>The committed tokens and the first <paramref name="draftedCount"/> drafted ones: what a distribution at that node is conditioned on.</summary>
    public ReadOnlySpan<int> Prefix(int draftedCount)
    {
        Debug.Assert(draftedCount <= DraftedCount, "The prefix of a node holds only tokens that were drafted.");
        return _tokens.AsSpan(0, CommittedCount + draftedCount);
    }

    /// <summary>The first tokens that this sequence and <paramref name="tokens"/> have in common.</summary>
    public int CommonPrefixLength(ReadOnlySpan<int> tokens) => Committed.CommonPrefixLength(tokens);

    /// <summary>Replaces everything by a prompt.</summary>
    public void Reset(ReadOnlySpan<int> prompt)
    {
        prompt.CopyTo(_tokens);
        CommittedCount = prompt.Length;
        DraftedCount = 0;
    }

    /// <summary>Appends a drafted token.</summary>
    public void AddDrafted(int token) => _tokens[CommittedCount + DraftedCount++] = token;

    /// <summary>Forgets the draft.</summary>
    public void DropDraft() => DraftedCount = 0;

    /// <summary>Ends the round: forgets the draft and appends what the target decided, one token at a time.</summary>
    /// <remarks>An accepted token is written over itself.</remarks>
    public void Commit(int token)
    {
        DraftedCount = 0;
        _tokens[CommittedCount++] = token;
    }
}
