using LlamaSpec.Measuring.Runs;
using LlamaSpec.Measuring.Systems;

namespace LlamaSpec.Measuring.Results;

/// <summary>Sums up what was measured. Pure.</summary>
internal static class FigureCalculator
{
    /// <summary>One result for each temperature, in the order of the run.</summary>
    public static IReadOnlyList<TemperatureResult> Compute(Measurements measurements) =>
        [.. measurements.Samples.GroupBy(static sample => sample.Temperature).Select(group => Compute(measurements.Systems, group.Key, [.. group]))];

    private static TemperatureResult Compute(IReadOnlyList<SystemLabel> systems, float temperature, Sample[] samples)
    {
        SystemFigures[] figures =
        [
            .. Enumerable.Range(0, systems.Count)
                .Where(index => samples.Any(sample => sample.Answers[index] is not null))
                .Select(index => Compute(systems, index, temperature, samples)),
        ];
        var regrets = RegretCalculator.Compute(systems, samples);
        var nGramComparisons = NGramCalculator.Compute(systems, samples);
        return new TemperatureResult
        {
            Temperature = temperature,
            PromptCount = samples.Select(static sample => sample.PromptId).Distinct().Count(),
            SampleCount = samples.Length,
            Systems = figures,
            BestFixed = regrets.Count == 0 ? null : regrets[0].BestFixed,
            Regrets = regrets,
            NGramComparisons = nGramComparisons,
            Conclusions = [.. Conclusions.Draw(temperature, systems, figures, regrets, samples), .. NGramConclusions.Draw(nGramComparisons)],
        };
    }

    private static SystemFigures Compute(IReadOnlyList<SystemLabel> systems, int index, float temperature, Sample[] all)
    {
        Sample[] samples = [.. all.Where(sample => sample.Answers[index] is not null)];
        var plain = IndexOf(systems, SystemLabel.Plain.Name);
        var rounds = Math.Max(1, samples.Sum(sample => sample.Answers[index]!.Rounds));
        return new SystemFigures
        {
            System = systems[index],
            AnswerCount = samples.Length,
            All = CategoryFigures.Of(CategoryFigures.All, samples, systems, index, plain),
            Categories =
            [
                .. samples.GroupBy(static sample => sample.Category)
                    .Select(group => CategoryFigures.Of(group.Key, [.. group], systems, index, plain)),
            ],
            ToStockPlain = PairedRatio.Of(samples, index, IndexOf(systems, SystemLabel.StockPlain.Name)),
            MillisecondsPerRound = samples.All(sample => sample.Answers[index]!.Times is not null)
                ? samples.Aggregate(default(RoundTimes), (sum, sample) => sum + sample.Answers[index]!.Times!.Value) / rounds
                : null,
            Identity = temperature == 0 ? Compare(samples, index, IndexOf(systems, systems[index].PlainName), plain) : null,
        };
    }

    private static GreedyIdentity Compare(Sample[] samples, int index, int ownPlain, int plain)
    {
        List<AnswerDivergence> divergences = [];
        foreach (var sample in ownPlain < 0 ? [] : samples)
        {
            if (sample.Answers[index]!.FirstDifference(sample.Answers[ownPlain]!) is { } position)
            {
                divergences.Add(new AnswerDivergence(sample.PromptId, sample.Repeat, position));
            }
        }

        return new GreedyIdentity(
            ownPlain < 0 ? null : samples.Length - divergences.Count,
            samples.Count(sample => sample.Answers[index]!.FirstDifference(sample.Answers[plain]!) is null),
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
