using System.Globalization;
using System.Text;
using LlamaSpec.Measuring.Results;
using LlamaSpec.Measuring.Systems;

namespace LlamaSpec.Measuring.Reports;

/// <summary>The results as Markdown. Pure.</summary>
internal static class MarkdownReport
{
    private const string Unknown = "-";

    private static readonly string[] Headers =
    [
        "system", "tokens/s", "over plain", "over plain, rows off", "acceptance", "mean length", "rounds without draft",
        "draft, ms a round", "verify", "sample", "managed", "as its plain", "as plain",
    ];

    public static string Write(BenchDocument document)
    {
        var text = new StringBuilder();
        MarkdownHeading.Append(text, document);
        foreach (var result in document.Results)
        {
            text.Append(CultureInfo.InvariantCulture, $"## Temperature {result.Temperature}\n{Count(result.PromptCount, "question")}, ");
            text.Append(CultureInfo.InvariantCulture, $"{Count(result.SampleCount, "answer")} of each system.\n\n");
            foreach (var line in result.Conclusions)
            {
                text.Append("**").Append(line).Append("**\n\n");
            }

            text.Append(Systems(result)).Append("\nBy category, over plain:\n\n").Append(Categories(result)).Append('\n');
            MarkdownComparisons.Append(text, result);
            AppendDivergences(text, result);
        }

        return text.ToString().TrimEnd('\n') + "\n";
    }

    private static MarkdownTable Systems(TemperatureResult result)
    {
        var table = new MarkdownTable(Headers);
        foreach (var one in result.Systems)
        {
            table.AddRow(
            [
                one.System.Name,
                Number($"{one.All.TokensPerSecond:F1}"),
                one.System == SystemLabel.Plain ? "1" : one.All.ToPlain.ToString(),
                one.System == SystemLabel.StockPlain ? "1" : one.ToStockPlain.ToString(),
                one.All.AcceptanceRate is { } rate ? Number($"{rate:F2}") : Unknown,
                Number($"{one.All.MeanAcceptanceLength:F2}"),
                one.All.ShareOfRoundsWithoutDraft is { } share ? Number($"{share:F2}") : Unknown,
                .. Times(one.MillisecondsPerRound),
                Same(one.Identity?.SameAsOwnPlain, one),
                Same(one.Identity?.SameAsPlain, one),
            ]);
        }

        return table;
    }

    private static MarkdownTable Categories(TemperatureResult result)
    {
        var table = new MarkdownTable(["system", .. result.Systems[0].Categories.Select(static one => one.Category)]);
        foreach (var one in result.Systems.Where(static one => one.System != SystemLabel.Plain))
        {
            table.AddRow([one.System.Name, .. one.Categories.Select(static category => category.ToPlain.ToString())]);
        }

        return table;
    }

    private static void AppendDivergences(StringBuilder text, TemperatureResult result)
    {
        foreach (var one in result.Systems)
        {
            if (one.Identity is { Divergences: { Count: > 0 } divergences })
            {
                var places = divergences.Select(static divergence => $"{divergence.PromptId} at token {divergence.Position + 1}");
                text.Append($"{one.System.Name} parts from {one.System.PlainName} {Count(divergences.Count, "time")}: {string.Join(", ", places)}.\n\n");
            }
        }
    }

    private static string[] Times(RoundTimes? times) => times is { } one
        ? [Number($"{one.Draft:F2}"), Number($"{one.Verify:F2}"), Number($"{one.Sample:F3}"), Number($"{one.Managed:F3}")]
        : [Unknown, Unknown, Unknown, Unknown];

    private static string Same(int? count, SystemFigures figures) => count is { } number ? $"{number} of {figures.AnswerCount}" : Unknown;

    private static string Count(int count, string thing) => count == 1 ? $"1 {thing}" : $"{count} {thing}s";

    private static string Number(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
