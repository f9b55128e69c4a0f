namespace LlamaSpec.Benchmarks.EndToEnd.Results;

/// <summary>What was measured, and where.</summary>
internal sealed record RunDescription
{
    public required DateTimeOffset Started { get; init; }

    public required ModelFile Target { get; init; }

    /// <summary>For example "llama 135M Q4_0".</summary>
    public required string TargetDescription { get; init; }

    /// <summary>What the target is a widened copy of; null when it is none.</summary>
    public required string? WidenedFrom { get; init; }

    public required ModelFile Draft { get; init; }

    public required ModelFile? ServerDraft { get; init; }

    public required string LlamaVersion { get; init; }

    public required string? FastRowInstructions { get; init; }

    /// <summary>Matrix products of a decode of two rows that are LlamaSpec's with the rows on. 0 = on and off are the same.</summary>
    public required long FastProductCount { get; init; }

    public required int ProcessorCount { get; init; }

    public required int TargetThreadCount { get; init; }

    /// <summary>null = one for a tiny draft, else as for the target.</summary>
    public required int? DraftThreadCount { get; init; }

    public required int ContextLength { get; init; }

    public required int MaximumTokens { get; init; }

    public required int Repeats { get; init; }

    /// <summary>The file's name.</summary>
    public required string Prompts { get; init; }
}
