using System.Globalization;
using System.Text;
using LlamaSpec.Measuring.Charts;
using LlamaSpec.Measuring.Results;
using LlamaSpec.Measuring.Systems;

namespace LlamaSpec.Measuring.Reports;

/// <summary>The results as one HTML page that needs nothing else: charts, all rows, the machine and the models. Pure.</summary>
internal static class HtmlReport
{
    /// <summary>Writes the page.</summary>
    public static string Write(BenchDocument document)
    {
        var page = new StringBuilder();
        AppendNotes(page, document);
        page.Append(
            "<p>Every question is answered by all systems in turn before the next one. Ratios are geometric means of the ratios of each "
            + "question, with 95 % bootstrap intervals over questions. The dashed line is plain decoding.</p>\n");
        var systems = SystemsInOrder(document.Systems);
        foreach (var result in document.Results)
        {
            AppendResult(page, result, systems);
        }

        page.Append("<h2>All rows</h2>\n<div class=\"wide\">\n").Append(HtmlRows.Write(document.Rows)).Append("</div>\n");
        AppendFacts(page, document);
        return HtmlPage.Write(
            $"LlamaSpec bench: {document.Run.TargetLabel}", $"Speculative against plain decoding: {document.Run.TargetLabel}", page.ToString());
    }

    private static void AppendNotes(StringBuilder page, BenchDocument document)
    {
        if (document.Run.Copy is { } copy)
        {
            var what = copy.Width is null ? "a requantised copy" : "a widened copy, which computes the same with larger matrices";
            page.Append($"<p class=\"note\">The target is {what}: {Encode(copy.ToString())}.{Encode(copy.Problem is { } problem ? $" {problem}." : string.Empty)}</p>\n");
        }

        if (document.Interruption is { } reason)
        {
            page.Append($"<p class=\"note\">Incomplete: {Encode(reason.Split('\n')[0])}</p>\n");
        }
    }

    private static void AppendResult(StringBuilder page, TemperatureResult result, IReadOnlyList<SystemLabel> systems)
    {
        page.Append(CultureInfo.InvariantCulture, $"<h2>Temperature {result.Temperature}</h2>\n<ul>\n");
        foreach (var line in result.Conclusions)
        {
            page.Append($"<li>{Encode(line)}</li>\n");
        }

        page.Append("</ul>\n<h3>Speed-up over plain decoding, by category</h3>\n").Append(BenchCharts.SpeedUp(result, systems).ToSvg())
            .Append("<h3>Tokens per second, all questions</h3>\n").Append(BenchCharts.TokensPerSecond(result, systems).ToSvg())
            .Append("<h3>Acceptance rate, by category</h3>\n").Append(BenchCharts.AcceptanceRate(result, systems).ToSvg());
    }

    private static void AppendFacts(StringBuilder page, BenchDocument document)
    {
        page.Append("<h2>Machine and models</h2>\n<dl>\n");
        foreach (var (name, value) in RunFacts.Of(document.Run))
        {
            page.Append($"<dt>{Encode(name)}</dt><dd>{Encode(value)}</dd>\n");
        }

        page.Append("</dl>\n");
        if (document.Skipped.Count > 0)
        {
            page.Append("<h2>Questions left out</h2>\n<ul>\n");
            foreach (var one in document.Skipped)
            {
                page.Append($"<li>{Encode($"{one.PromptId}: {one.Reason.ReplaceLineEndings(" ")}")}</li>\n");
            }

            page.Append("</ul>\n");
        }
    }

    // Plain decoding last: it is a line in one chart and a bar in another, and all others keep their colours.
    private static SystemLabel[] SystemsInOrder(IReadOnlyList<SystemLabel> systems) =>
        [.. systems.Where(static system => system != SystemLabel.Plain), .. systems.Where(static system => system == SystemLabel.Plain)];

    private static string Encode(string text) => SvgWriter.Encode(text);
}
