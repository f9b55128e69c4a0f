using LlamaSpec.Cli.Comparison;

namespace LlamaSpec.Cli.Checking;

/// <summary>What the runtime did with these models on this machine, at temperature 0.</summary>
internal sealed record SelfTestResult
{
    /// <summary>
    /// Lowest share of its own proposals that a target may accept. Not 1: a batch of another shape rounds otherwise, and
    /// turns a near-tie now and then.
    /// </summary>
    public const double LowestAcceptanceRate = 0.98;

    /// <summary>Accepted / drafted with the target as its own draft.</summary>
    public required double AcceptanceRate { get; init; }

    /// <summary>Whether speculative decoding wrote what plain decoding writes, token by token.</summary>
    public required bool Identical { get; init; }

    /// <summary>Where it did not.</summary>
    public required IReadOnlyList<Divergence> Divergences { get; init; }

    /// <summary>Why nothing could be drafted, or null.</summary>
    public required string? DisabledReason { get; init; }

    /// <summary>Whether all is as it must be: every difference is a near-tie.</summary>
    public bool Passed =>
        DisabledReason is null && AcceptanceRate >= LowestAcceptanceRate && Divergences.All(static divergence => divergence.IsNearTie);
}
