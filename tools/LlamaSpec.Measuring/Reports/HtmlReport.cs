using System.Globalization;
using System.Text;
using LlamaSpec.Measuring.Charts;
using LlamaSpec.Measuring.Results;
using LlamaSpec.Measuring.Systems;

namespace LlamaSpec.Measuring.Reports;

/// <summary>The results as one HTML page that needs nothing else: charts, all rows, the machine and the models. Pure.</summary>
internal static class HtmlReport
{
    private const string PageCss =
        """
        body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
        main { max-width: 62rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
        h1 { font-size: 1.5rem; } h2 { font-size: 1.2rem; margin-top: 2.5rem; } h3 { font-size: 1rem; margin: 1.5rem 0 .5rem; }
        .note { background: var(--panel); border-left: 4px solid var(--c1); padding: .5rem 1rem; }
        .wide { overflow-x: auto; }
        table { border-collapse: collapse; font-size: .85rem; font-variant-numeric: tabular-nums; }
        th, td { padding: .2rem .6rem; border-bottom: 1px solid var(--grid); text-align: right; white-space: nowrap; }
        th:nth-child(-n+3), td:nth-child(-n+3) { text-align: left; }
        dt { color: var(--faint); } dd { margin: 0 0 .4rem; overflow-wrap: anywhere; }
        """;

    /// <summary>Writes the page.</summary>
    public static string Write(BenchDocument document)
    {
        var page = new StringBuilder();
        page.Append("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
            .Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
            .Append($"<title>{Encode($"LlamaSpec bench: {document.Run.TargetLabel}")}</title>\n<style>\n{ChartStyle.Css}\n{PageCss}\n</style>\n</head>\n<body>\n<main>\n")
            .Append($"<h1>Speculative against plain decoding: {Encode(document.Run.TargetLabel)}</h1>\n");
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
        return page.Append("</main>\n</body>\n</html>\n").ToString();
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
