namespace LlamaSpec.Measuring.WideModels;

/// <summary>What one dimension of a tensor counts, and so whether it grows.</summary>
internal enum TensorAxis
{
    /// <summary>Tokens, or anything else that keeps its size.</summary>
    Unchanged,

    /// <summary>The hidden row.</summary>
    Hidden,

    /// <summary>All query heads.</summary>
    Queries,

    /// <summary>All key or value heads.</summary>
    Keys,

    /// <summary>The inner row of the feed-forward network.</summary>
    FeedForward,
}
