using LlamaSpec.Measuring.Systems;

namespace LlamaSpec.Measuring.Runs;

/// <summary>One question, answered by every system in turn within seconds: what is compared is always of one sample.</summary>
internal sealed record Sample
{
    public required string PromptId { get; init; }

    public required string Category { get; init; }

    public required int PromptTokens { get; init; }

    public required float Temperature { get; init; }

    /// <summary>From 1.</summary>
    public required int Repeat { get; init; }

    /// <summary>One of each system, in the order of <see cref="Measurements.Systems"/>; null where it is not measured at the temperature.</summary>
    public required IReadOnlyList<MeasuredAnswer?> Answers { get; init; }
}
