namespace LlamaSpec.Drafting.Selection;

/// <summary>The nodes of a proposal in descending order of the probability that they are reached, each after its parent.</summary>
/// <param name="capacity">Most nodes.</param>
internal sealed class ProposalRanking(int capacity)
{
    private readonly double[] _survivalByNode = new double[capacity];
    private readonly double[] _keys = new double[capacity];
    private readonly int[] _order = new int[capacity];
    private readonly double[] _survival = new double[capacity];
    private readonly int[] _places = new int[capacity];
    private readonly bool[] _hasChild = new bool[capacity + 1];

    /// <summary>Nodes that may be verified.</summary>
    public int Count { get; private set; }

    /// <summary>The probability of each of them that its path is accepted, descending.</summary>
    public ReadOnlySpan<double> Survival => _survival.AsSpan(0, Count);

    /// <summary>Ranks the nodes of a proposal; what would be a path too many is left out.</summary>
    /// <param name="proposal">The proposal, below a node that survives with probability <paramref name="survival"/>.</param>
    /// <param name="survival">As above.</param>
    /// <param name="scale">What the request's own text makes of the drafter's acceptance.</param>
    /// <param name="maximumPaths">Most paths.</param>
    /// <param name="table">What the drafter's confidence is worth.</param>
    public void Rank(TokenTree proposal, double survival, double scale, int maximumPaths, ConfidenceTable table)
    {
        for (var node = 0; node < proposal.Count; node++)
        {
            var parent = proposal.Parents[node];
            var reached = parent < 0 ? survival : _survivalByNode[parent];
            _survivalByNode[node] = reached * Math.Min(1, scale * table.Acceptance(proposal.Probabilities[node]));
            _order[node] = node;

            // Ties by number, which keeps a parent before its children.
            _keys[node] = -_survivalByNode[node] + (node * 1e-12);
        }

        Array.Sort(_keys, _order, 0, proposal.Count);
        Choose(proposal, maximumPaths);
    }

    /// <summary>Copies the best nodes into a draft.</summary>
    /// <param name="proposal">What was ranked.</param>
    /// <param name="count">How many.</param>
    /// <param name="draft">Receives them.</param>
    /// <param name="parent">The node below which they are put.</param>
    public void CopyBest(TokenTree proposal, int count, TokenTree draft, int parent = TokenTree.Anchor)
    {
        for (var i = 0; i < count; i++)
        {
            var node = _order[i];
            var above = proposal.Parents[node];
            _places[node] = draft.Add(above < 0 ? parent : _places[above], proposal.Tokens[node], proposal.Probabilities[node], isSampled: false);
        }
    }

    private void Choose(TokenTree proposal, int maximumPaths)
    {
        Array.Clear(_hasChild, 0, proposal.Count + 1);
        Array.Fill(_places, -1, 0, proposal.Count);
        Count = 0;
        var paths = 0;
        for (var i = 0; i < proposal.Count; i++)
        {
            var node = _order[i];
            var parent = proposal.Parents[node];
            var isChosen = parent < 0 || _places[parent] >= 0;
            var isNewPath = parent < 0 || _hasChild[parent + 1];
            if (!isChosen || (isNewPath && paths == maximumPaths))
            {
                continue;
            }

            paths += isNewPath ? 1 : 0;
            _hasChild[parent + 1] = true;
            _places[node] = Count;
            _survival[Count] = _survivalByNode[node];
            _order[Count++] = node;
        }
    }
}
