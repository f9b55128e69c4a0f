using LlamaSpec.Drafting;

namespace LlamaSpec.Scheduling;

/// <summary>
/// The tokens of one request: the committed ones, and behind them, for those who need a whole prefix, the path to one node of the
/// round's draft. One buffer, sized once. The last committed token is the anchor token; it is not in the KV cache yet.
/// </summary>
/// <param name="capacity">Most tokens, the longest path included.</param>
public sealed class TokenSequence(int capacity)
{
    private readonly int[] _tokens = new int[capacity];

    /// <summary>Most tokens, the longest path included.</summary>
    public int Capacity => _tokens.Length;

    /// <summary>Committed tokens.</summary>
    public int CommittedCount { get; private set; }

    /// <summary>The committed tokens.</summary>
    public ReadOnlySpan<int> Committed => _tokens.AsSpan(0, CommittedCount);

    /// <summary>
    /// The committed tokens and the path to a node: what the distribution after it is conditioned on. Valid until the next call.
    /// </summary>
    /// <param name="tree">The draft.</param>
    /// <param name="node">A node, or <see cref="TokenTree.Anchor"/>.</param>
    public ReadOnlySpan<int> Prefix(TokenTree tree, int node)
    {
        ArgumentNullException.ThrowIfNull(tree);
        var length = node < 0 ? 0 : tree.Depths[node] + 1;
        for (var i = length - 1; i >= 0; i--)
        {
            _tokens[CommittedCount + i] = tree.Tokens[node];
            node = tree.Parents[node];
        }

        return _tokens.AsSpan(0, CommittedCount + length);
    }

    /// <summary>The first tokens that this sequence and <paramref name="tokens"/> have in common.</summary>
    public int CommonPrefixLength(ReadOnlySpan<int> tokens) => Committed.CommonPrefixLength(tokens);

    /// <summary>Replaces everything by a prompt.</summary>
    public void Reset(ReadOnlySpan<int> prompt)
    {
        prompt.CopyTo(_tokens);
        CommittedCount = prompt.Length;
    }

    /// <summary>Appends what the target decided, one token at a time.</summary>
    public void Commit(int token) => _tokens[CommittedCount++] = token;
}
