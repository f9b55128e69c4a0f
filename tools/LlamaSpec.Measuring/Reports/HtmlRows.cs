using System.Globalization;
using System.Text;
using LlamaSpec.Measuring.Charts;
using LlamaSpec.Measuring.Results;

namespace LlamaSpec.Measuring.Reports;

/// <summary>All rows as an HTML table. Pure.</summary>
internal static class HtmlRows
{
    private const string Unknown = "–";

    private static readonly string[] Headers =
        ["policy", "temperature", "category", "questions", "tokens/s", "speed-up", "95 % interval", "acceptance", "mean length", "rounds without draft"];

    public static string Write(IReadOnlyList<BenchRow> rows)
    {
        var table = new StringBuilder("<table>\n<thead>\n");
        AppendRow(table, "th", Headers);
        table.Append("</thead>\n<tbody>\n");
        foreach (var row in rows)
        {
            AppendRow(table, "td",
            [
                row.Policy,
                row.Temperature.ToString(CultureInfo.InvariantCulture),
                row.Category,
                row.Prompts.ToString(CultureInfo.InvariantCulture),
                Number(row.TokensPerSecond, "F1"),
                Number(row.SpeedUp, "F2"),
                row.SpeedUpLow is null ? Unknown : $"{Number(row.SpeedUpLow, "F2")} to {Number(row.SpeedUpHigh, "F2")}",
                Number(row.AcceptanceRate, "F2"),
                Number(row.MeanAcceptanceLength, "F2"),
                Number(row.ShareOfRoundsWithoutDraft, "F2"),
            ]);
        }

        return table.Append("</tbody>\n</table>\n").ToString();
    }

    private static void AppendRow(StringBuilder table, string cell, IEnumerable<string> texts)
    {
        table.Append("<tr>");
        foreach (var text in texts)
        {
            table.Append($"<{cell}>{SvgWriter.Encode(text)}</{cell}>");
        }

        table.Append("</tr>\n");
    }

    private static string Number(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? Unknown;
}
