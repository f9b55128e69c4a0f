using LlamaSpec.Policies;

namespace LlamaSpec.Cli.Demo;

/// <summary>What the demo compares.</summary>
internal sealed record DemoOptions
{
    public required IReadOnlyList<string> Prompts { get; init; }

    public required IReadOnlyList<float> Temperatures { get; init; }

    public required IReadOnlyList<PolicyChoice> Policies { get; init; }

    /// <summary>Most tokens of an answer.</summary>
    public required int MaximumTokens { get; init; }

    /// <summary>Seed of the first prompt's draws; each further prompt adds one.</summary>
    public required ulong Seed { get; init; }
}
