using System.Diagnostics;
using LlamaSpec.Sampling;
using LlamaSpec.Scheduling;

namespace LlamaSpec.Drafting;

/// <summary>
/// The drafted tokens of one round, in flat arrays sized once. Nodes are numbered in the order in which they were added, a
/// parent before its children; -1 stands for the anchor token, from which the tree grows. A chain is a tree of width 1.
/// <para>
/// A node is sampled, when chance chose its token, or certain. Sampled children of a node were drawn one after the other,
/// without replacement, from the node's proposal, in which none of its certain children has weight.
/// </para>
/// </summary>
public sealed class TokenTree
{
    /// <summary>The parent of the first nodes: the anchor token.</summary>
    public const int Anchor = -1;

    private readonly int _vocabularySize;
    private readonly int[] _tokens;
    private readonly int[] _parents;
    private readonly int[] _depths;
    private readonly float[] _probabilities;
    private readonly byte[] _isSampled;
    private readonly int[] _firstChildren;
    private readonly int[] _lastChildren;
    private readonly int[] _nextSiblings;
    private TokenDistribution[] _proposals = [];

    /// <summary>Creates an empty tree.</summary>
    /// <param name="capacity">Most nodes.</param>
    /// <param name="vocabularySize">Tokens of the target.</param>
    public TokenTree(int capacity, int vocabularySize)
    {
        _vocabularySize = vocabularySize;
        _tokens = new int[capacity];
        _parents = new int[capacity];
        _depths = new int[capacity];
        _probabilities = new float[capacity];
        _isSampled = new byte[capacity];
        _nextSiblings = new int[capacity];
        _firstChildren = new int[capacity + 1];
        _lastChildren = new int[capacity + 1];
        Clear();
    }

    /// <summary>Most nodes.</summary>
    public int Capacity => _tokens.Length;

    /// <summary>Nodes.</summary>
    public int Count { get; private set; }

    /// <summary>Tokens on the longest path.</summary>
    public int Depth { get; private set; }

    /// <summary>Paths from the anchor token to a node without children.</summary>
    public int LeafCount { get; private set; }

    /// <summary>Nodes that chance chose.</summary>
    public int SampledCount { get; private set; }

    /// <summary>Whether no node has more than one child.</summary>
    public bool IsChain => Depth == Count;

    /// <summary>
    /// Whether the draft was free to branch before its first token was drawn. It is then verified from node to node even where it
    /// came out as a chain: a rule of verification that the drawn tokens choose would not be exact. Cleared with the tree.
    /// </summary>
    public bool MayBranch { get; set; }

    /// <summary>
    /// The drafter's promise, made before its first draw, that all nodes will be sampled, the children of a node without
    /// replacement: such trees may be judged from the leaves up (<see cref="Verification.TraversalVerifier"/>). Cleared with the tree.
    /// </summary>
    public bool IsDrawn { get; set; }

    /// <summary>Token of each node.</summary>
    public ReadOnlySpan<int> Tokens => _tokens.AsSpan(0, Count);

    /// <summary>Parent of each node.</summary>
    public ReadOnlySpan<int> Parents => _parents.AsSpan(0, Count);

    /// <summary>Tokens between the anchor token and each node; 0 for children of the anchor token.</summary>
    public ReadOnlySpan<int> Depths => _depths.AsSpan(0, Count);

    /// <summary>1 for nodes that chance chose, else 0.</summary>
    public ReadOnlySpan<byte> IsSampled => _isSampled.AsSpan(0, Count);

    /// <summary>What the drafter makes of each node, given its parent: the draft's probability, or a confidence in [0, 1].</summary>
    public ReadOnlySpan<float> Probabilities => _probabilities.AsSpan(0, Count);

    /// <summary>The first child of a node, in order of addition; -1 = none.</summary>
    public int FirstChild(int node) => _firstChildren[node + 1];

    /// <summary>The child of the same parent that was added next; -1 = none.</summary>
    public int NextSibling(int node) => _nextSiblings[node];

    /// <summary>The certain child of a node that has a token; -1 = none.</summary>
    public int CertainChild(int node, int token)
    {
        var child = FirstChild(node);
        while (child >= 0 && (_tokens[child] != token || _isSampled[child] != 0))
        {
            child = NextSibling(child);
        }

        return child;
    }

    /// <summary>The first child of a node that has a token, sampled or certain; -1 = none.</summary>
    public int Child(int node, int token)
    {
        var child = FirstChild(node);
        while (child >= 0 && _tokens[child] != token)
        {
            child = NextSibling(child);
        }

        return child;
    }

    /// <summary>Adds a node and returns its number.</summary>
    /// <param name="parent">A node, or <see cref="Anchor"/>.</param>
    /// <param name="token">Target id.</param>
    /// <param name="probability">What the drafter makes of it, given its parent.</param>
    /// <param name="isSampled">Whether chance chose it, from the parent's <see cref="Proposal"/>.</param>
    /// <exception cref="TreeFullException">There is no room for another node.</exception>
    public int Add(int parent, int token, float probability, bool isSampled)
    {
        Debug.Assert(parent >= Anchor && parent < Count, "A parent is there before its children.");
        if (Count == Capacity)
        {
            throw new TreeFullException(Capacity);
        }

        var node = Count++;
        _tokens[node] = token;
        _parents[node] = parent;
        _depths[node] = parent < 0 ? 0 : _depths[parent] + 1;
        _probabilities[node] = probability;
        _isSampled[node] = isSampled ? (byte)1 : (byte)0;
        _nextSiblings[node] = -1;
        _firstChildren[node + 1] = _lastChildren[node + 1] = -1;
        var isFirstChild = _firstChildren[parent + 1] < 0;
        if (isFirstChild)
        {
            _firstChildren[parent + 1] = node;
        }
        else
        {
            _nextSiblings[_lastChildren[parent + 1]] = node;
        }

        _lastChildren[parent + 1] = node;
        Depth = Math.Max(Depth, _depths[node] + 1);
        LeafCount += isFirstChild && parent >= 0 ? 0 : 1;
        SampledCount += isSampled ? 1 : 0;
        return node;
    }

    /// <summary>Makes room for proposals. Called before a request starts, so that no step allocates.</summary>
    public void Reserve()
    {
        if (_proposals.Length == 0)
        {
            _proposals = new TokenDistribution[Capacity];
            for (var i = 0; i < _proposals.Length; i++)
            {
                _proposals[i] = new TokenDistribution(_vocabularySize);
            }
        }
    }

    /// <summary>
    /// The distribution that the sampled children of a node are drawn from, to be written by the drafter before it draws: its
    /// weights sum to 1, certain children have none, and the tokens that are drawn keep theirs.
    /// There are as many as a tree has nodes, so the last node of a full tree has none.
    /// </summary>
    public TokenDistribution Proposal(int node) => _proposals[node + 1];

    /// <summary>The first <paramref name="count"/> proposals: those of the anchor token and of a chain's nodes.</summary>
    public ReadOnlySpan<TokenDistribution> Proposals(int count) => _proposals.AsSpan(0, count);

    /// <summary>Whether proposals have been reserved.</summary>
    public bool HasProposals => _proposals.Length > 0;

    /// <summary>Becomes a copy of another tree, without its proposals.</summary>
    public void CopyFrom(TokenTree other)
    {
        ArgumentNullException.ThrowIfNull(other);
        Clear();
        AddNodes(other, other.Count);
    }

    /// <summary>How many of the first nodes make a tree within limits.</summary>
    public int CountWithin(DraftLimits limits)
    {
        var leaves = 0;
        for (var node = 0; node < Count; node++)
        {
            var parent = _parents[node];
            leaves += parent >= 0 && _firstChildren[parent + 1] == node ? 0 : 1;
            if (node >= limits.Nodes || _depths[node] >= limits.Length || leaves > limits.Paths)
            {
                return node;
            }
        }

        return Count;
    }

    /// <summary>Forgets all nodes.</summary>
    public void Clear()
    {
        Count = Depth = LeafCount = SampledCount = 0;
        MayBranch = IsDrawn = false;
        _firstChildren[0] = _lastChildren[0] = -1;
    }

    /// <summary>Forgets the nodes from <paramref name="count"/> on.</summary>
    public void Truncate(int count)
    {
        Debug.Assert(count >= 0 && count <= Count, "Only what is there can be forgotten.");
        var (mayBranch, isDrawn) = (MayBranch, IsDrawn);
        Clear();
        (MayBranch, IsDrawn) = (mayBranch, isDrawn);
        AddNodes(this, count);
    }

    private void AddNodes(TokenTree source, int count)
    {
        for (var node = 0; node < count; node++)
        {
            Add(source._parents[node], source._tokens[node], source._probabilities[node], source._isSampled[node] != 0);
        }
    }
}
