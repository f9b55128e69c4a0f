namespace LlamaSpec.Engine;

/// <summary>Why a generation ended.</summary>
public enum FinishReason
{
    /// <summary>The model ended its answer.</summary>
    EndOfText,

    /// <summary>One of <see cref="GenerationRequest.StopTexts"/> was produced.</summary>
    StopText,

    /// <summary><see cref="GenerationRequest.MaximumTokens"/> was reached.</summary>
    TokenLimit,

    /// <summary>The context has no room for another token.</summary>
    ContextFull,
}
