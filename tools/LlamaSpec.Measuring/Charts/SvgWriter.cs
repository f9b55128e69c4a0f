using System.Globalization;
using System.Net;
using System.Text;

namespace LlamaSpec.Measuring.Charts;

/// <summary>Writes an inline SVG picture: elements with coordinates in pixels, all text encoded. Colours come from <see cref="ChartStyle"/>.</summary>
internal sealed class SvgWriter
{
    private readonly StringBuilder _text = new();

    /// <param name="width">Width of the picture; it shrinks with the page.</param>
    /// <param name="height">Height.</param>
    /// <param name="title">What it shows, for those who do not see it.</param>
    public SvgWriter(double width, double height, string title)
    {
        Append($"<svg class=\"chart\" viewBox=\"0 0 {Number(width)} {Number(height)}\" width=\"{Number(width)}\" height=\"{Number(height)}\" role=\"img\">\n");
        Append($"<title>{Encode(title)}</title>\n");
    }

    /// <summary>A straight line.</summary>
    public SvgWriter Line(double x1, double y1, double x2, double y2, string cssClass) => Append(
        $"<line class=\"{cssClass}\" x1=\"{Number(x1)}\" y1=\"{Number(y1)}\" x2=\"{Number(x2)}\" y2=\"{Number(y2)}\"/>\n");

    /// <summary>A dot, with a text that appears beside the mouse.</summary>
    public SvgWriter Dot(double x, double y, double radius, string cssClass, string tip) => Append(
        $"<circle class=\"{cssClass}\" cx=\"{Number(x)}\" cy=\"{Number(y)}\" r=\"{Number(radius)}\"><title>{Encode(tip)}</title></circle>\n");

    /// <summary>A bar, with a text that appears beside the mouse.</summary>
    public SvgWriter Bar(double x, double y, double width, double height, string cssClass, string tip) => Append(
        $"<rect class=\"{cssClass}\" x=\"{Number(x)}\" y=\"{Number(y)}\" width=\"{Number(width)}\" height=\"{Number(height)}\" rx=\"2\"><title>{Encode(tip)}</title></rect>\n");

    /// <summary>Lines from point to point.</summary>
    public SvgWriter Path(IEnumerable<(double X, double Y)> points, string cssClass) => Append(
        $"<polyline class=\"{cssClass}\" points=\"{string.Join(' ', points.Select(static point => $"{Number(point.X)},{Number(point.Y)}"))}\"/>\n");

    /// <summary>A text.</summary>
    /// <param name="x">Where it is anchored.</param>
    /// <param name="y">Its base line.</param>
    /// <param name="text">As it is read; encoded here.</param>
    /// <param name="anchor">"start", "middle" or "end".</param>
    public SvgWriter Text(double x, double y, string text, string anchor = "start") => Append(
        $"<text x=\"{Number(x)}\" y=\"{Number(y)}\" text-anchor=\"{anchor}\">{Encode(text)}</text>\n");

    /// <summary>Closes the picture.</summary>
    public string Finish() => _text.Append("</svg>\n").ToString();

    /// <summary>A text as HTML and SVG need it.</summary>
    public static string Encode(string text) => WebUtility.HtmlEncode(text);

    private static string Number(double value) => Math.Round(value, 2).ToString(CultureInfo.InvariantCulture);

    private SvgWriter Append(string markup)
    {
        _text.Append(markup);
        return this;
    }
}
