namespace LlamaSpec.Measuring.Systems;

/// <summary>The figures of a request. The names, in snake case, are llama-server's.</summary>
internal sealed record LlamaServerTimings
{
    /// <summary>Tokens of the prompt that were decoded.</summary>
    public required int PromptN { get; init; }

    /// <summary>Tokens generated, the first one and that which ends the answer included.</summary>
    public required int PredictedN { get; init; }

    /// <summary>Time since the first token.</summary>
    public required double PredictedMs { get; init; }

    /// <summary>Tokens drafted; absent when there were none.</summary>
    public int DraftN { get; init; }

    public int DraftNAccepted { get; init; }
}
