using LlamaSpec.Drafting;
using LlamaSpec.Models;
using LlamaSpec.Policies;
using LlamaSpec.Sampling;

namespace LlamaSpec.Engine;

/// <summary>
/// What to generate and how. Give exactly one of <see cref="Prompt"/>, <see cref="Messages"/> and <see cref="PromptTokens"/>.
/// Immutable; may be used again.
/// </summary>
public sealed record GenerationRequest
{
    /// <summary>Most <see cref="StopTexts"/>.</summary>
    public const int MostStopTexts = 16;

    /// <summary>Most UTF-8 bytes of a stop text.</summary>
    public const int LongestStopTextBytes = 256;

    /// <summary>Text to continue as it stands.</summary>
    public string? Prompt { get; init; }

    /// <summary>A conversation, formatted by the target's own chat template.</summary>
    public IReadOnlyList<ChatMessage>? Messages { get; init; }

    /// <summary>Tokens to continue as they stand.</summary>
    public IReadOnlyList<int>? PromptTokens { get; init; }

    /// <summary>Most tokens to generate. null (default) = until the text or the context ends.</summary>
    public int? MaximumTokens { get; init; }

    /// <summary>How tokens are chosen. Default: those of <see cref="SamplingOptions"/>.</summary>
    public SamplingOptions Sampling { get; init; } = new();

    /// <summary>Draft-length policy. null (default) = the engine's.</summary>
    public PolicyChoice? Policy { get; init; }

    /// <summary>Who may draft. null (default) = the engine's choice.</summary>
    public DrafterChoice? Drafter { get; init; }

    /// <summary>Texts that end the generation; they are not part of the output. Default none. Control tokens have no text, so they cannot be named here.</summary>
    public IReadOnlyList<string> StopTexts { get; init; } = [];

    /// <summary>Keep generating when the model ends its answer. For measurements. Default false.</summary>
    public bool IgnoreEndOfText { get; init; }

    /// <summary>Keep what the policy expected of each round and what came of it, in <see cref="GenerationResult.Rounds"/>. Default false.</summary>
    public bool Explain { get; init; }

    /// <summary>A conversation of one question.</summary>
    public static GenerationRequest Ask(string question) => new() { Messages = [ChatMessage.User(question)] };
}
