using LlamaSpec.Measuring.Systems;

namespace LlamaSpec.Measuring.Results;

/// <summary>
/// One system at one temperature in one kind of task, flat. Other programs read it: names and types are a contract. What there is
/// nothing to say about is null.
/// </summary>
internal sealed record BenchRow
{
    /// <summary>The target's file; a widened or requantised copy says what it is a copy of.</summary>
    public required string Target { get; init; }

    /// <summary>The policy with its drafter, where one was named ("auto@suffix"), "plain", or llama-server with its setting.</summary>
    public required string Policy { get; init; }

    /// <summary>The drafter that was named, or llama-server's kind of speculation.</summary>
    public required string? Drafter { get; init; }

    public required float Temperature { get; init; }

    /// <summary>The kind of task, or <see cref="CategoryFigures.All"/>.</summary>
    public required string Category { get; init; }

    /// <summary>Questions that count.</summary>
    public required int Prompts { get; init; }

    /// <summary>Geometric mean of the answers.</summary>
    public required double TokensPerSecond { get; init; }

    /// <summary>Geometric mean of the questions' ratios to plain decoding in the same run.</summary>
    public required double? SpeedUp { get; init; }

    /// <summary>Lower end of its 95 % bootstrap interval.</summary>
    public required double? SpeedUpLow { get; init; }

    public required double? SpeedUpHigh { get; init; }

    /// <summary>Accepted / drafted.</summary>
    public required double? AcceptanceRate { get; init; }

    /// <summary>Tokens committed a round.</summary>
    public required double? MeanAcceptanceLength { get; init; }

    public required double? ShareOfRoundsWithoutDraft { get; init; }

    /// <summary>The rows of all results: for each temperature and system first all questions, then each kind.</summary>
    public static IReadOnlyList<BenchRow> From(string target, IReadOnlyList<TemperatureResult> results) =>
    [
        .. from result in results
           from system in result.Systems
           from figures in system.Categories.Prepend(system.All)
           select From(target, result.Temperature, system.System, figures),
    ];

    private static BenchRow From(string target, float temperature, SystemLabel system, CategoryFigures figures) => new()
    {
        Target = target,
        Policy = system.Name,
        Drafter = system.Drafter,
        Temperature = temperature,
        Category = figures.Category,
        Prompts = figures.PromptCount,
        TokensPerSecond = figures.TokensPerSecond,
        SpeedUp = figures.ToPlain.PromptCount == 0 ? null : figures.ToPlain.Value,
        SpeedUpLow = figures.ToPlain.Low,
        SpeedUpHigh = figures.ToPlain.High,
        AcceptanceRate = figures.AcceptanceRate,
        MeanAcceptanceLength = figures.MeanAcceptanceLength,
        ShareOfRoundsWithoutDraft = figures.ShareOfRoundsWithoutDraft,
    };
}
