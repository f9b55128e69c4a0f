namespace LlamaSpec.Drafting.ModelFree;

/// <summary>Adds certain nodes to a tree that may have them already.</summary>
internal static class CertainNodes
{
    /// <summary>The child of a node that has a token: the one that is there, else a new one, else -1 because the tree is full.</summary>
    public static int GoTo(TokenTree tree, int parent, int token, float confidence)
    {
        var child = tree.Child(parent, token);
        return child >= 0 ? child
            : tree.Count < tree.Capacity ? tree.Add(parent, token, confidence, isSampled: false)
            : -1;
    }
}
