using LlamaSpec.Benchmarks.EndToEnd.Measuring;
using LlamaSpec.Benchmarks.EndToEnd.Systems;

namespace LlamaSpec.Benchmarks.EndToEnd.Results;

/// <summary>Sums up what was measured. Pure.</summary>
internal static class FigureCalculator
{
    /// <summary>One result for each temperature, in the order of the run.</summary>
    public static IReadOnlyList<TemperatureResult> Compute(Measurements measurements) =>
        [.. measurements.Samples.GroupBy(static sample => sample.Temperature).Select(group => Compute(measurements.Systems, group.Key, [.. group]))];

    private static TemperatureResult Compute(IReadOnlyList<SystemLabel> systems, float temperature, Sample[] samples)
    {
        var figures = systems.Select((_, index) => Compute(systems, index, temperature, samples)).ToArray();
        return new TemperatureResult
        {
            Temperature = temperature,
            PromptCount = samples.Select(static sample => sample.PromptId).Distinct().Count(),
            SampleCount = samples.Length,
            Systems = figures,
            Conclusions = Conclusions.Draw(temperature, figures, samples),
        };
    }

    private static SystemFigures Compute(IReadOnlyList<SystemLabel> systems, int index, float temperature, Sample[] samples)
    {
        MeasuredAnswer[] answers = [.. samples.Select(sample => sample.Answers[index])];
        var plain = IndexOf(systems, SystemLabel.Plain.Name);
        var drafted = answers.Sum(static answer => answer.DraftedTokens);
        var accepted = answers.Sum(static answer => answer.AcceptedTokens);
        var rounds = Math.Max(1, answers.Sum(static answer => answer.Rounds));
        return new SystemFigures
        {
            System = systems[index],
            AnswerCount = answers.Length,
            TokensPerSecond = Math.Exp(answers.Average(static answer => Math.Log(answer.TokensPerSecond))),
            ToPlain = PairedRatio.Of(samples, index, plain),
            ToPlainFastRows = PairedRatio.Of(samples, index, IndexOf(systems, SystemLabel.PlainFastRows.Name)),
            Categories =
            [
                .. samples.GroupBy(static sample => sample.Category)
                    .Select(group => new CategoryRatio(group.Key, PairedRatio.Of(group, index, plain))),
            ],
            AcceptanceRate = drafted == 0 ? null : (double)accepted / drafted,
            MeanAcceptanceLength = (double)(accepted + rounds) / rounds,
            MillisecondsPerRound = answers.All(static answer => answer.Times is not null)
                ? answers.Aggregate(default(RoundTimes), static (sum, answer) => sum + answer.Times!.Value) / rounds
                : null,
            Identity = temperature == 0 ? Compare(samples, index, IndexOf(systems, systems[index].PlainName), plain) : null,
        };
    }

    private static GreedyIdentity Compare(Sample[] samples, int index, int ownPlain, int plain)
    {
        List<AnswerDivergence> divergences = [];
        foreach (var sample in ownPlain < 0 ? [] : samples)
        {
            if (sample.Answers[index].FirstDifference(sample.Answers[ownPlain]) is { } position)
            {
                divergences.Add(new AnswerDivergence(sample.PromptId, sample.Repeat, position));
            }
        }

        return new GreedyIdentity(
            ownPlain < 0 ? null : samples.Length - divergences.Count,
            samples.Count(sample => sample.Answers[index].FirstDifference(sample.Answers[plain]) is null),
            divergences);
    }

    private static int IndexOf(IReadOnlyList<SystemLabel> systems, string? name)
    {
        for (var i = 0; i < systems.Count; i++)
        {
            if (systems[i].Name == name)
            {
                return i;
            }
        }

        return -1;
    }
}
