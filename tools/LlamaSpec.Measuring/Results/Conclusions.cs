using System.Globalization;
using LlamaSpec.Measuring.Runs;
using LlamaSpec.Measuring.Systems;

namespace LlamaSpec.Measuring.Results;

/// <summary>What the figures of a temperature show, in sentences; losses come first. Pure.</summary>
internal static class Conclusions
{
    /// <summary>The losses, the best policy against plain decoding and llama-server at its best, and what the adaptive policies give away.</summary>
    public static IReadOnlyList<string> Draw(
        float temperature,
        IReadOnlyList<SystemLabel> labels,
        IReadOnlyList<SystemFigures> systems,
        IReadOnlyList<CategoryRegret> regrets,
        IReadOnlyList<Sample> samples)
    {
        var best = BestOf(systems, static label => label.IsPolicy && label != SystemLabel.Oracle);
        return best is null
            ? []
            : [Losses(temperature, systems), Headline(temperature, labels, systems, best, samples), CountVerdicts(systems), .. Regrets(labels, regrets)];
    }

    private static string Losses(float temperature, IReadOnlyList<SystemFigures> systems)
    {
        string[] losses = [.. systems.Where(static one => one.System.IsPolicy).Select(Loss).OfType<string>()];
        return losses.Length == 0
            ? Text($"Temperature {temperature}: no policy is slower than plain, in no category.")
            : Text($"Temperature {temperature}, losses to plain: {string.Join("; ", losses)}.");
    }

    private static string? Loss(SystemFigures system)
    {
        CategoryFigures[] lost = [.. system.Categories.Where(static one => one.ToPlain.Value < 1)];
        if (lost.Length == 0 && system.All.ToPlain.Value >= 1)
        {
            return null;
        }

        var worst = lost.MinBy(static one => one.ToPlain.Value);
        var where = worst is null
            ? "slower in no single category"
            : $"slower in {lost.Length} of {system.Categories.Count} categories, worst {worst.Category} {worst.ToPlain}";
        return $"{system.System.Name} {system.All.ToPlain} on the whole ({system.All.ToPlain.Verdict}), {where}";
    }

    private static string Headline(
        float temperature, IReadOnlyList<SystemLabel> labels, IReadOnlyList<SystemFigures> systems, SystemFigures best, IReadOnlyList<Sample> samples)
    {
        List<string> comparisons = [Compare(best.All.ToPlain, SystemLabel.Plain.Name)];
        if (best.ToStockPlain.PromptCount > 0)
        {
            comparisons.Add(Compare(best.ToStockPlain, SystemLabel.StockPlain.Name));
        }

        var server = BestOf(systems, static label => label.IsLlamaServer);
        if (server is not null)
        {
            comparisons.Add(Compare(Ratio(server), $"{server.System.Name}, its best setting"));
        }

        var drafting = BestOf(systems, static label => label is { IsLlamaServer: true, IsSpeculative: true });
        if (drafting is not null && drafting != server)
        {
            comparisons.Add(Compare(Ratio(drafting), $"{drafting.System.Name}, its best with a draft"));
        }

        return Text($"Temperature {temperature}, best policy {best.System.Name}: {string.Join("; ", comparisons)}.");

        RatioEstimate Ratio(SystemFigures other)
        {
            var all = labels.ToList();
            return PairedRatio.Of(samples, all.IndexOf(best.System), all.IndexOf(other.System));
        }
    }

    private static string CountVerdicts(IReadOnlyList<SystemFigures> systems)
    {
        var counts = systems.Where(static one => one.System.IsPolicy).GroupBy(static one => one.All.ToPlain.Verdict)
            .OrderBy(static group => group.Key, StringComparer.Ordinal)
            .Select(static group => $"{group.Count()} {group.Key}");
        return $"The policies against {SystemLabel.Plain.Name}: {string.Join(", ", counts)}.";
    }

    private static IEnumerable<string> Regrets(IReadOnlyList<SystemLabel> labels, IReadOnlyList<CategoryRegret> regrets)
    {
        if (regrets.Count == 0)
        {
            yield break;
        }

        yield return Text($"The best single fixed length is {regrets[0].BestFixed}, {regrets[0].BestFixedSpeedUp:F2} times plain.");
        foreach (var policy in labels.Where(static label => label is { IsPolicy: true, FixedLength: null }))
        {
            var byCategory = regrets.Skip(1).Select(one => (one.Category, Regret: Of(one, policy))).Where(static one => one.Regret is not null).ToArray();
            if (Of(regrets[0], policy) is { } whole && byCategory.Length > 0)
            {
                var (category, largest) = byCategory.MaxBy(static one => one.Regret);
                yield return Text($"Regret of {policy.Name}: {whole:P1} against {regrets[0].BestFixed}; at most {largest:P1} against the best fixed length of a category ({category}).");
            }
        }
    }

    private static double? Of(CategoryRegret category, SystemLabel policy) =>
        category.Policies.FirstOrDefault(one => one.Policy == policy.Name)?.Regret;

    private static string Compare(RatioEstimate ratio, string reference) => $"{ratio} times {reference} ({ratio.Verdict})";

    private static SystemFigures? BestOf(IReadOnlyList<SystemFigures> systems, Func<SystemLabel, bool> isMeant) =>
        systems.Where(one => isMeant(one.System)).MaxBy(static one => one.All.ToPlain.Value);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
