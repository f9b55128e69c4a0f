using System.Globalization;
using LlamaSpec.Benchmarks.EndToEnd.Measuring;
using LlamaSpec.Benchmarks.EndToEnd.Systems;

namespace LlamaSpec.Benchmarks.EndToEnd.Results;

/// <summary>What the figures of a temperature show, in sentences; losses as plainly as gains. Pure.</summary>
internal static class Conclusions
{
    /// <summary>The best policy against plain decoding and against llama-server at its best, and how the others did.</summary>
    public static IReadOnlyList<string> Draw(float temperature, IReadOnlyList<SystemFigures> systems, IReadOnlyList<Sample> samples)
    {
        var best = IndexOfBest(systems, IsPolicy);
        if (best < 0)
        {
            return [];
        }

        var figures = systems[best];
        List<string> comparisons = [Compare(figures.ToPlain, SystemLabel.Plain.Name)];
        if (figures.ToPlainFastRows.PromptCount > 0)
        {
            comparisons.Add(Compare(figures.ToPlainFastRows, SystemLabel.PlainFastRows.Name));
        }

        var server = IndexOfBest(systems, static label => label.IsLlamaServer);
        if (server >= 0)
        {
            comparisons.Add(Compare(PairedRatio.Of(samples, best, server), $"{systems[server].System.Name}, its best setting"));
        }

        var drafting = IndexOfBest(systems, static label => label is { IsLlamaServer: true, IsSpeculative: true });
        if (drafting >= 0 && drafting != server)
        {
            comparisons.Add(Compare(PairedRatio.Of(samples, best, drafting), $"{systems[drafting].System.Name}, its best with a draft"));
        }

        var headline = string.Create(CultureInfo.InvariantCulture, $"Temperature {temperature}, best policy {figures.System.Name}: ");
        return [$"{headline}{string.Join("; ", comparisons)}.", CountVerdicts(systems)];
    }

    private static string Compare(RatioEstimate ratio, string reference) => $"{ratio} times {reference} ({ratio.Verdict})";

    private static string CountVerdicts(IReadOnlyList<SystemFigures> systems)
    {
        string[] verdicts = [.. systems.Where(static one => IsPolicy(one.System)).Select(static one => one.ToPlain.Verdict)];
        var counts = verdicts.GroupBy(static verdict => verdict).OrderBy(static group => group.Key, StringComparer.Ordinal)
            .Select(static group => $"{group.Count()} {group.Key}");
        return $"The policies against {SystemLabel.Plain.Name}: {string.Join(", ", counts)}.";
    }

    private static bool IsPolicy(SystemLabel label) => label is { IsSpeculative: true, IsLlamaServer: false };

    private static int IndexOfBest(IReadOnlyList<SystemFigures> systems, Func<SystemLabel, bool> isMeant)
    {
        var best = -1;
        for (var i = 0; i < systems.Count; i++)
        {
            if (isMeant(systems[i].System) && (best < 0 || systems[i].ToPlain.Value > systems[best].ToPlain.Value))
            {
                best = i;
            }
        }

        return best;
    }
}
