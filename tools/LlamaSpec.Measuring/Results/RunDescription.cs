namespace LlamaSpec.Measuring.Results;

/// <summary>What was measured, and where.</summary>
internal sealed record RunDescription
{
    public required DateTimeOffset Started { get; init; }

    public required ModelFile Target { get; init; }

    /// <summary>For example "llama 135M Q4_0".</summary>
    public required string TargetDescription { get; init; }

    /// <summary>What the target is a copy of; null when it is the file that was named.</summary>
    public required TargetCopy? Copy { get; init; }

    /// <summary>null = nothing drafts by a model.</summary>
    public required ModelFile? Draft { get; init; }

    public required ModelFile? ServerDraft { get; init; }

    /// <summary>Settings of llama-server that would draft from earlier requests: each answer came from a server just started.</summary>
    public required IReadOnlyList<string> FreshServers { get; init; }

    public required string LlamaVersion { get; init; }

    /// <summary>For example "Ubuntu 24.04 LTS, X64".</summary>
    public required string Machine { get; init; }

    /// <summary>What --rows asked for: "auto", "on" or "off".</summary>
    public required string Rows { get; init; }

    public required string? FastRowInstructions { get; init; }

    /// <summary>Matrix products of a decode of two rows that are LlamaSpec's. 0 = all are llama.cpp's.</summary>
    public required long FastProductCount { get; init; }

    public required int ProcessorCount { get; init; }

    public required int TargetThreadCount { get; init; }

    /// <summary>null = one for a tiny draft, else as for the target. Without meaning when there is none.</summary>
    public required int? DraftThreadCount { get; init; }

    public required int ContextLength { get; init; }

    public required int MaximumTokens { get; init; }

    public required int Repeats { get; init; }

    /// <summary>The file's name, or "built-in".</summary>
    public required string Prompts { get; init; }

    /// <summary>The target as the rows name it.</summary>
    public string TargetLabel => Copy?.ToString() ?? Target.Name;
}
