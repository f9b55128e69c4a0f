using System.Net;
using LlamaSpec.Measuring.Charts;

namespace LlamaSpec.Measuring.Reports;

/// <summary>The frame of a report's page, which needs nothing but itself. Pure.</summary>
internal static class HtmlPage
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

    /// <summary>A whole page.</summary>
    /// <param name="title">In the window's title; encoded here.</param>
    /// <param name="heading">Above the content; encoded here.</param>
    /// <param name="body">The content, as HTML.</param>
    public static string Write(string title, string heading, string body) =>
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        + $"<title>{WebUtility.HtmlEncode(title)}</title>\n<style>\n{ChartStyle.Css}\n{PageCss}\n</style>\n</head>\n<body>\n<main>\n"
        + $"<h1>{WebUtility.HtmlEncode(heading)}</h1>\n{body}</main>\n</body>\n</html>\n";

    /// <summary>A chart as a file of its own: with the styles that a page would have given it.</summary>
    public static string StandaloneSvg(string svg)
    {
        var start = svg.IndexOf('>', StringComparison.Ordinal) + 1;
        var head = svg[..start].Replace("<svg ", "<svg xmlns=\"http://www.w3.org/2000/svg\" ", StringComparison.Ordinal);
        return $"{head}<style>{ChartStyle.Css}</style><rect width=\"100%\" height=\"100%\" style=\"fill: var(--paper)\"/>{svg[start..]}\n";
    }
}
