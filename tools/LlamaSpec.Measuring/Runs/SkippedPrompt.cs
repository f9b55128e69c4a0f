namespace LlamaSpec.Measuring.Runs;

/// <summary>A question that does not count, for all systems alike.</summary>
internal sealed record SkippedPrompt
{
    public required string PromptId { get; init; }

    /// <summary>null = at every temperature.</summary>
    public float? Temperature { get; init; }

    /// <summary>From 1. null = in every repeat.</summary>
    public int? Repeat { get; init; }

    public required string Reason { get; init; }
}
