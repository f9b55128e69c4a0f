using LlamaSpec.Diagnostics;

namespace LlamaSpec.Cli.Json;

/// <summary>One round in generate --json --explain; null = the policy does not predict.</summary>
internal sealed record RoundDocument
{
    public required int Round { get; init; }

    public required int Position { get; init; }

    public required int Drafted { get; init; }

    public required int Accepted { get; init; }

    public required double? ExpectedAccepted { get; init; }

    public required double Milliseconds { get; init; }

    public required double? ExpectedMilliseconds { get; init; }

    public required string? Reason { get; init; }

    public static RoundDocument From(ExplainedRound round) => new()
    {
        Round = round.Number,
        Position = round.Outcome.Position,
        Drafted = round.Outcome.DraftedCount,
        Accepted = round.Outcome.AcceptedCount,
        ExpectedAccepted = Finite(round.Expectation.ExpectedAcceptedTokens),
        Milliseconds = round.Outcome.StepMilliseconds,
        ExpectedMilliseconds = Finite(round.Expectation.ExpectedMilliseconds),
        Reason = round.Expectation.Reason,
    };

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;
}
