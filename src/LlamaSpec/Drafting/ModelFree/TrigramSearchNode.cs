namespace LlamaSpec.Drafting.ModelFree;

/// <summary>A prefix that a <see cref="TrigramSearch"/> has come by.</summary>
internal struct TrigramSearchNode
{
    /// <summary>Its last token.</summary>
    public int Token;

    /// <summary>The prefix without it; -1 = none.</summary>
    public int Parent;

    /// <summary>Tokens of the prefix.</summary>
    public int Depth;

    /// <summary>The first of its children, which lie side by side, the heaviest first; -1 = not looked up yet.</summary>
    public int FirstChild;

    public int ChildCount;

    public int Visits;

    /// <summary>Sum over the visits.</summary>
    public double Reward;

    /// <summary>Weight of the token after the two before it.</summary>
    public float Weight;

    /// <summary>The weight's share among its siblings.</summary>
    public float Prior;

    /// <summary>What the tree is told.</summary>
    public float Confidence;

    /// <summary>Its node in the token tree, once it is there; <see cref="TrigramNodes.NotAdded"/> before.</summary>
    public int TreeNode;
}
