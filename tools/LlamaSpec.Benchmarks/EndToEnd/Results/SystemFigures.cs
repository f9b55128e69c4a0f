using LlamaSpec.Benchmarks.EndToEnd.Systems;

namespace LlamaSpec.Benchmarks.EndToEnd.Results;

/// <summary>One system at one temperature.</summary>
internal sealed record SystemFigures
{
    public required SystemLabel System { get; init; }

    public required int AnswerCount { get; init; }

    /// <summary>Geometric mean of the answers.</summary>
    public required double TokensPerSecond { get; init; }

    /// <summary>Over plain decoding, rows off.</summary>
    public required RatioEstimate ToPlain { get; init; }

    /// <summary>Over plain decoding, rows on.</summary>
    public required RatioEstimate ToPlainFastRows { get; init; }

    public required IReadOnlyList<CategoryRatio> Categories { get; init; }

    /// <summary>Accepted / drafted; null when nothing was drafted.</summary>
    public required double? AcceptanceRate { get; init; }

    /// <summary>Tokens committed a round, the correction or bonus token included.</summary>
    public required double MeanAcceptanceLength { get; init; }

    /// <summary>null where the system does not tell.</summary>
    public required RoundTimes? MillisecondsPerRound { get; init; }

    /// <summary>null above temperature 0, where each answer is drawn anew.</summary>
    public required GreedyIdentity? Identity { get; init; }
}
