using LlamaSpec.Engine;

namespace LlamaSpec.Drafting;

/// <summary>A tree of one slot while it grows: what its nodes are worth, where the draft's KV cache has them, and what might come next.</summary>
internal sealed class TreeGrowth
{
    // More than one round of the widest trees shows; the least valuable are dropped.
    private const int MostCandidates = 128;

    private const int MostNodes = SpeculativeEngineOptions.LongestDraft;

    private readonly double[] _values = new double[MostNodes + 1];
    private readonly int[] _paths = new int[MostNodes + 1];
    private readonly int[] _nodes = new int[MostNodes + 1];
    private readonly int[] _rows = new int[MostNodes + 1];
    private readonly double[] _drawValues = new double[MostNodes + 1];

    /// <summary>Most children of a node; 1 = a chain, of which nothing is kept here.</summary>
    public int Width { get; private set; } = 1;

    /// <summary>Nodes that the pass under way goes on from; the first is that of the main path.</summary>
    public int LayerCount { get; private set; }

    /// <summary>The node that the main path has come to.</summary>
    public int MainNode { get; set; }

    /// <summary>Entropy of the distribution after the last node that the main path went on from.</summary>
    public double MainEntropy { get; set; }

    /// <summary>Children that the pass under way has shown; decided on together.</summary>
    public NodeCandidates Options { get; } = new(MostCandidates);

    /// <summary>
    /// What a further pass might go on from. Above temperature 0 these are nodes of the tree; at temperature 0 they are not, until a
    /// pass takes them or the draft ends: nothing is drawn, so the rows go to the most valuable of all.
    /// </summary>
    public NodeCandidates Waiting { get; } = new(MostCandidates);

    public void Begin(int width)
    {
        Width = width;
        LayerCount = 0;
        MainNode = TokenTree.Anchor;
        Waiting.Clear();
        Array.Fill(_paths, -1); // other drafters may lengthen the tree
        _values[0] = 1;
        _paths[0] = 0;
    }

    public void BeginLayer() => LayerCount = 0;

    /// <summary>A pass goes on from a node.</summary>
    /// <param name="node">The node.</param>
    /// <param name="row">Its row in the draft's batch.</param>
    /// <param name="path">The path of the draft's KV cache that its cell is in.</param>
    public void AddToLayer(int node, int row, int path)
    {
        _nodes[LayerCount] = node;
        _rows[LayerCount++] = row;
        _paths[node + 1] = path;
    }

    public int LayerNode(int index) => _nodes[index];

    public int LayerRow(int index) => _rows[index];

    public double Value(int node) => _values[node + 1];

    /// <summary>The path of the draft's KV cache that a node's cell is in; -1 = it was not decoded.</summary>
    public int Path(int node) => _paths[node + 1];

    /// <summary>Takes a node that was added to the tree.</summary>
    public void Added(int node, double value)
    {
        _values[node + 1] = value;
        _paths[node + 1] = -1;
    }

    /// <summary>Starts to decide on the children of the layer.</summary>
    public void BeginChildren()
    {
        for (var i = 0; i < LayerCount; i++)
        {
            _drawValues[_nodes[i] + 1] = -1;
        }
    }

    /// <summary>A child of a node of the layer is to be drawn.</summary>
    public void WantDraw(in NodeCandidate child) => _drawValues[child.Parent + 1] = child.Value;

    /// <summary>Whether a child of a node of the layer is to be drawn.</summary>
    public bool WantsDraw(int parent) => _drawValues[parent + 1] >= 0;

    /// <summary>Value of the child that is to be drawn.</summary>
    public double DrawValue(int parent) => _drawValues[parent + 1];
}
