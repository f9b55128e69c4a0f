using LlamaSpec.Policies;
using LlamaSpec.Sampling;

namespace LlamaSpec.Cli.Chat;

/// <summary>How answers are made; commands change it while the chat runs.</summary>
internal sealed record ChatSettings
{
    public required SamplingOptions Sampling { get; init; }

    public required PolicyChoice Policy { get; init; }

    /// <summary>Most tokens of an answer, or null for no limit.</summary>
    public required int? MaximumTokens { get; init; }

    public required IReadOnlyList<string> StopTexts { get; init; }
}
