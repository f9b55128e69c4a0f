namespace LlamaSpec.Drafting;

/// <summary>A drafter proposed more tokens than a <see cref="TokenTree"/> holds.</summary>
public sealed class TreeFullException : InvalidOperationException
{
    /// <summary>Creates one without a message.</summary>
    public TreeFullException()
    {
    }

    /// <summary>Creates one with a message.</summary>
    public TreeFullException(string message)
        : base(message)
    {
    }

    /// <summary>Creates one with a message and its cause.</summary>
    public TreeFullException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Creates one for a tree of so many nodes.</summary>
    public TreeFullException(int capacity)
        : base($"The tree is full: it holds {capacity} tokens.")
    {
    }
}
