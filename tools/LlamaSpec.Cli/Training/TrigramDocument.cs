namespace LlamaSpec.Cli.Training;

/// <summary>train-trigram --json. Shares are of the held-out tokens.</summary>
internal sealed record TrigramDocument
{
    public required string Target { get; init; }

    public required string Output { get; init; }

    public required long OutputBytes { get; init; }

    public required int Files { get; init; }

    public required int Answers { get; init; }

    public required float Temperature { get; init; }

    /// <summary>Tokens read, held-out ones too.</summary>
    public required long Tokens { get; init; }

    public required int HeldOutTokens { get; init; }

    /// <summary>Pairs of tokens.</summary>
    public required int Keys { get; init; }

    public required int Continuations { get; init; }

    /// <summary>Rare tri-grams forgotten for want of memory while counting.</summary>
    public required long Forgotten { get; init; }

    public required long MemoryBytes { get; init; }

    /// <summary>Share of the tokens that were the table's first.</summary>
    public required double FirstShare { get; init; }

    /// <summary>Share of the tokens that were among the table's twelve.</summary>
    public required double ListedShare { get; init; }

    /// <summary>The same without the table: from the text's own last tokens.</summary>
    public required double FirstShareWithoutTable { get; init; }

    public required double ListedShareWithoutTable { get; init; }
}
