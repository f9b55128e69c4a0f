using System.Diagnostics;
using LlamaSpec.Drafting;

namespace LlamaSpec.Scheduling;

/// <summary>
/// The paths from the anchor token to the leaves of a tree, numbered as their leaves were added, and through which nodes each
/// goes. A path is a sequence of the KV cache, because a row sees what its sequence holds.
/// </summary>
/// <param name="capacity">Most nodes.</param>
internal sealed class TreePaths(int capacity)
{
    /// <summary>Most paths: a node's are the bits of a word.</summary>
    public const int Most = 64;

    private readonly ulong[] _through = new ulong[capacity + 1];

    /// <summary>Paths; 1 for a chain, and for an empty tree.</summary>
    public int Count { get; private set; } = 1;

    /// <summary>Bit i: path i goes through the node. The anchor token is node -1.</summary>
    public ulong Through(int node) => _through[node + 1];

    /// <summary>Finds the paths of a tree.</summary>
    public void Assign(TokenTree tree)
    {
        Debug.Assert(tree.LeafCount <= Most, "The engine limits the paths of a tree.");
        Array.Clear(_through, 0, tree.Count + 1);
        Count = 0;
        for (var node = 0; node < tree.Count; node++)
        {
            if (tree.FirstChild(node) < 0)
            {
                Mark(tree, node, 1UL << Count++);
            }
        }

        if (Count == 0)
        {
            Clear();
        }
    }

    /// <summary>Forgets the paths: there is one again.</summary>
    public void Clear()
    {
        Count = 1;
        _through[0] = 1;
    }

    private void Mark(TokenTree tree, int node, ulong path)
    {
        for (; node >= 0; node = tree.Parents[node])
        {
            _through[node + 1] |= path;
        }

        _through[0] |= path;
    }
}
