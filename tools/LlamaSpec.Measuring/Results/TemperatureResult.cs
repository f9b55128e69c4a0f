namespace LlamaSpec.Measuring.Results;

/// <summary>All systems at one temperature.</summary>
internal sealed record TemperatureResult
{
    public required float Temperature { get; init; }

    public required int PromptCount { get; init; }

    public required int SampleCount { get; init; }

    public required IReadOnlyList<SystemFigures> Systems { get; init; }

    /// <summary>The best single fixed length for all questions; null where none was measured.</summary>
    public required string? BestFixed { get; init; }

    /// <summary>All questions, then each kind of task; empty where no fixed length was measured.</summary>
    public required IReadOnlyList<CategoryRegret> Regrets { get; init; }

    /// <summary>All questions, then each kind of task; empty where no n-gram setting of llama-server was measured.</summary>
    public required IReadOnlyList<NGramComparison> NGramComparisons { get; init; }

    public required IReadOnlyList<string> Conclusions { get; init; }
}
