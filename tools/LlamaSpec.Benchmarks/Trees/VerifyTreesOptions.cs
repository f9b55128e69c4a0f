namespace LlamaSpec.Benchmarks.Trees;

/// <summary>What <see cref="VerifyTreesCommand"/> measures.</summary>
internal sealed record VerifyTreesOptions
{
    /// <summary>Requests of a step. Default 8, 1 to 64.</summary>
    public int Requests { get; init; } = 8;

    /// <summary>Nodes of a tree. Default 16, 1 to 64.</summary>
    public int Nodes { get; init; } = 16;

    /// <summary>Tokens of the target. Default 49,152, 16 to 1,000,000.</summary>
    public int VocabularySize { get; init; } = 49152;

    /// <summary>Verifications of each kind; the fastest counts, the others measure what else the machine was doing. Default 30.</summary>
    public int Repeats { get; init; } = 30;

    /// <summary>Throws when a number is out of range.</summary>
    /// <exception cref="ArgumentException">The message names it.</exception>
    public void Validate()
    {
        if (Requests is < 1 or > 64 || Nodes is < 1 or > 64 || VocabularySize is < 16 or > 1_000_000 || Repeats < 1)
        {
            throw new ArgumentException(
                $"Requests and nodes must be 1 to 64, columns 16 to 1,000,000 and repeats 1 or more, but they are {Requests}, {Nodes}, {VocabularySize} and {Repeats}.");
        }
    }
}
