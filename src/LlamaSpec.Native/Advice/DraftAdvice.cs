using LlamaSpec.Models;

namespace LlamaSpec.Native.Advice;

/// <summary>Which draft to use with a target on this machine, if any, and why.</summary>
public sealed record DraftAdvice
{
    /// <summary>The target's file.</summary>
    public required string TargetPath { get; init; }

    /// <summary>What its file says of it.</summary>
    public required ModelInfo Target { get; init; }

    /// <summary>The candidates, the best first; those that cannot be used last.</summary>
    public required IReadOnlyList<DraftAssessment> Drafts { get; init; }

    /// <summary>What to do, in sentences; the most important first.</summary>
    public required IReadOnlyList<string> Sentences { get; init; }
}
