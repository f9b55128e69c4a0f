using LlamaSpec.Cli.Comparison;

namespace LlamaSpec.Cli.Demo;

/// <summary>Plain against speculative decoding at one temperature with one policy.</summary>
internal sealed record DemoResult
{
    public required float Temperature { get; init; }

    public required string Policy { get; init; }

    /// <summary>Tokens over generation time of all prompts, the prompts' own decoding excluded; no draft loaded.</summary>
    public required double PlainTokensPerSecond { get; init; }

    public required double SpeculativeTokensPerSecond { get; init; }

    /// <summary>Geometric mean of the prompts' ratios of tokens per second. 0 = no prompt gave enough tokens.</summary>
    public required double SpeedUp { get; init; }

    /// <summary>Accepted / drafted.</summary>
    public required double AcceptanceRate { get; init; }

    /// <summary>Tokens committed a round, at least 1.</summary>
    public required double MeanAcceptanceLength { get; init; }

    /// <summary>Whether every text is the same, token by token. Only promised at temperature 0, near-ties apart.</summary>
    public required bool Identical { get; init; }

    /// <summary>The first difference of each prompt that has one.</summary>
    public required IReadOnlyList<Divergence> Divergences { get; init; }

    /// <summary>Time outside native calls, a round.</summary>
    public required double ManagedOverheadMilliseconds { get; init; }

    /// <summary>Why nothing was drafted, or null when drafting was on.</summary>
    public required string? DisabledReason { get; init; }
}
