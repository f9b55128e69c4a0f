namespace LlamaSpec.Drafting.ModelFree;

/// <summary>Adds the nodes of one draft to a token tree, as many and with as many paths as the options allow.</summary>
internal sealed class TrigramNodes(TrigramSearchOptions options)
{
    /// <summary>Stands for a node that could not be added.</summary>
    public const int NotAdded = -2;

    private TokenTree _tree = null!;
    private int _branchesLeft;

    /// <summary>Nodes that may still be added.</summary>
    public int Room { get; private set; }

    public void Begin(TokenTree tree, int parent)
    {
        _tree = tree;
        Room = Math.Min(options.MaximumNodes, tree.Capacity - tree.Count);

        // A path that goes on below a node without children is no other path than the one to the node.
        _branchesLeft = options.MaximumBranches - (parent >= 0 && tree.FirstChild(parent) < 0 ? 1 : 0);
    }

    /// <summary>The child of a node that has a token, there already or added; <see cref="NotAdded"/> where a limit is reached.</summary>
    public int Add(int parent, int token, float confidence)
    {
        if (parent == NotAdded)
        {
            return NotAdded;
        }

        if (_tree.Child(parent, token) is var child and >= 0)
        {
            return child;
        }

        var branches = parent < 0 || _tree.FirstChild(parent) >= 0 ? 1 : 0;
        if (Room == 0 || branches > _branchesLeft)
        {
            return NotAdded;
        }

        Room--;
        _branchesLeft -= branches;
        return _tree.Add(parent, token, confidence, isSampled: false);
    }
}
