using LlamaSpec.Measuring.Systems;

namespace LlamaSpec.Measuring.Runs;

/// <summary>What a run has measured.</summary>
internal sealed record Measurements
{
    public required IReadOnlyList<SystemLabel> Systems { get; init; }

    public required IReadOnlyList<Sample> Samples { get; init; }

    public required IReadOnlyList<SkippedPrompt> Skipped { get; init; }

    /// <summary>Why the run ended early; null when it did not.</summary>
    public string? Interruption { get; init; }
}
