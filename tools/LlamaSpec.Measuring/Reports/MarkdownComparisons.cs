using System.Globalization;
using System.Text;
using LlamaSpec.Measuring.Results;

namespace LlamaSpec.Measuring.Reports;

/// <summary>What each policy is against the best of others, by category: the best fixed length, and llama-server's best n-grams. Pure.</summary>
internal static class MarkdownComparisons
{
    /// <summary>Adds the tables that there is something to say in.</summary>
    public static void Append(StringBuilder text, TemperatureResult result)
    {
        AppendRegrets(text, result.Regrets);
        AppendNGrams(text, result.NGramComparisons);
    }

    private static void AppendRegrets(StringBuilder text, IReadOnlyList<CategoryRegret> regrets)
    {
        if (regrets.Count == 0)
        {
            return;
        }

        var table = new MarkdownTable(["category", "best fixed", "over plain", .. regrets[0].Policies.Select(static one => $"regret of {one.Policy}")]);
        foreach (var one in regrets)
        {
            table.AddRow(
            [
                one.Category, one.BestFixed, Number($"{one.BestFixedSpeedUp:F2}"), .. one.Policies.Select(static policy => Number($"{policy.Regret:P1}")),
            ]);
        }

        text.Append("Regret against the best fixed length:\n\n").Append(table).Append('\n');
    }

    private static void AppendNGrams(StringBuilder text, IReadOnlyList<NGramComparison> comparisons)
    {
        if (comparisons.Count == 0)
        {
            return;
        }

        var table = new MarkdownTable(["category", "best server n-gram", "over plain", .. comparisons[0].Policies.Select(static one => $"{one.Policy} over it")]);
        foreach (var one in comparisons)
        {
            table.AddRow([one.Category, one.BestServer, one.BestServerToPlain.ToString(), .. one.Policies.Select(static policy => policy.Ratio.ToString())]);
        }

        text.Append("Over llama-server's best n-gram setting of the category:\n\n").Append(table).Append('\n');
    }

    private static string Number(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
