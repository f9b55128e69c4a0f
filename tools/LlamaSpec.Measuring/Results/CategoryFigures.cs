using LlamaSpec.Measuring.Runs;
using LlamaSpec.Measuring.Systems;

namespace LlamaSpec.Measuring.Results;

/// <summary>One system at one temperature, in one kind of task or in all.</summary>
internal sealed record CategoryFigures
{
    /// <summary>The name of all kinds together.</summary>
    public const string All = "all";

    public required string Category { get; init; }

    public required int PromptCount { get; init; }

    /// <summary>Geometric mean of the answers.</summary>
    public required double TokensPerSecond { get; init; }

    /// <summary>Over plain decoding.</summary>
    public required RatioEstimate ToPlain { get; init; }

    /// <summary>Accepted / drafted; null when nothing was drafted.</summary>
    public required double? AcceptanceRate { get; init; }

    /// <summary>Tokens committed a round, the correction or bonus token included.</summary>
    public required double MeanAcceptanceLength { get; init; }

    /// <summary>Rounds in which a drafting system drafted nothing / all rounds; null for others, and where the system does not tell.</summary>
    public required double? ShareOfRoundsWithoutDraft { get; init; }

    /// <summary>Sums up answers; rounds and tokens are summed before they are divided.</summary>
    /// <param name="category">Their kind.</param>
    /// <param name="samples">Those of one temperature and this kind, all with an answer of the system.</param>
    /// <param name="systems">All systems.</param>
    /// <param name="index">The system.</param>
    /// <param name="plain">Index of plain decoding.</param>
    public static CategoryFigures Of(
        string category, IReadOnlyList<Sample> samples, IReadOnlyList<SystemLabel> systems, int index, int plain)
    {
        MeasuredAnswer[] answers = [.. samples.Select(sample => sample.Answers[index]!)];
        var drafted = answers.Sum(static answer => answer.DraftedTokens);
        var accepted = answers.Sum(static answer => answer.AcceptedTokens);
        var rounds = Math.Max(1, answers.Sum(static answer => answer.Rounds));
        return new CategoryFigures
        {
            Category = category,
            PromptCount = samples.Select(static sample => sample.PromptId).Distinct().Count(),
            TokensPerSecond = Math.Exp(answers.Average(static answer => Math.Log(answer.TokensPerSecond))),
            ToPlain = PairedRatio.Of(samples, index, plain),
            AcceptanceRate = drafted == 0 ? null : (double)accepted / drafted,
            MeanAcceptanceLength = (double)(accepted + rounds) / rounds,
            ShareOfRoundsWithoutDraft = systems[index].IsSpeculative && answers.All(static answer => answer.RoundsWithoutDraft is not null)
                ? (double)answers.Sum(static answer => answer.RoundsWithoutDraft!.Value) / rounds
                : null,
        };
    }
}
