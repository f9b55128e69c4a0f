using System.Globalization;
using System.Net;
using System.Text;
using LlamaSpec.Measuring.Charts;
using LlamaSpec.Measuring.Reports;
using LlamaSpec.Native.Advice;

namespace LlamaSpec.Cli.Checking;

/// <summary>The advice as a page that needs nothing else, or its first chart alone. Pure.</summary>
internal static class AdvicePage
{
    /// <summary>The page: sentences, expected speed-up by length, and the cost of rows.</summary>
    public static string Html(DraftAdvice advice)
    {
        var body = new StringBuilder("<ul>\n");
        foreach (var sentence in advice.Sentences)
        {
            body.Append($"<li>{WebUtility.HtmlEncode(sentence)}</li>\n");
        }

        body.Append("</ul>\n<h2>Expected speed-up by draft length</h2>\n").Append(SpeedUps(advice).ToSvg());
        body.Append("\n<h2>Time of a target decode by rows</h2>\n").Append(Rows(advice).ToSvg());
        return HtmlPage.Write($"LlamaSpec check: {Path.GetFileName(advice.TargetPath)}", $"Drafts for {Path.GetFileName(advice.TargetPath)}", body.Append('\n').ToString());
    }

    /// <summary>The expected speed-ups as a picture of its own.</summary>
    public static string Svg(DraftAdvice advice) => HtmlPage.StandaloneSvg(SpeedUps(advice).ToSvg());

    private static LineChart SpeedUps(DraftAdvice advice) => new()
    {
        Title = "Expected speed-up by draft length",
        XLabel = "drafted tokens a round",
        YLabel = "tokens per second over plain decoding",
        Reference = 1,
        Series =
        [
            .. Usable(advice).SelectMany(static draft => draft.Forecasts.Select(forecast => new ChartSeries(
                string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(draft.DraftPath)}, temperature {forecast.Temperature}"),
                [.. forecast.Lengths.Select(static length => ((double)length.Length, length.SpeedUp))]))),
        ],
    };

    private static LineChart Rows(DraftAdvice advice) => new()
    {
        Title = "Time of a target decode by rows",
        XLabel = "rows",
        YLabel = "milliseconds",
        Series =
        [
            .. Usable(advice).Take(1).SelectMany(static draft => draft.Costs!.Verify.Select(curve => new ChartSeries(
                string.Create(CultureInfo.InvariantCulture, $"depth {curve.Depth}"),
                [.. curve.Points.Select(static point => ((double)point.Rows, point.Milliseconds))]))),
        ],
    };

    private static IEnumerable<DraftAssessment> Usable(DraftAdvice advice) => advice.Drafts.Where(static draft => draft.WhyUnusable is null);
}
