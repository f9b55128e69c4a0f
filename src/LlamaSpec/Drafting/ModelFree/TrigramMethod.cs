namespace LlamaSpec.Drafting.ModelFree;

/// <summary>How a tri-gram draft is found.</summary>
public enum TrigramMethod
{
    /// <summary>The random tree search of ADED (arXiv 2407.12021).</summary>
    TreeSearch,

    /// <summary>
    /// The likeliest paths by the product of their confidences, one token after the other: the best tree of its size by what is
    /// known, without chance, and faster where few nodes are wanted.
    /// </summary>
    BestFirst,
}
