using System.Xml.Linq;
using LlamaSpec.Measuring.Charts;

namespace LlamaSpec.Measuring.Tests.Charts;

public sealed class ChartTests
{
    private readonly DotChart _dots = new()
    {
        Title = "Speed <up>",
        Unit = "times",
        Series = ["fixed:2", "a & b"],
        Groups =
        [
            new ChartGroup("math", [new ChartValue(0, 1.2, 1.1, 1.4), new ChartValue(1, 0.9)]),
            new ChartGroup("<code>", [new ChartValue(1, 2, 1.5, 2.5)]),
        ],
        Reference = 1,
    };

    [Test]
    public void ADotStandsWhereItsValueIsAndItsWhiskerSpansTheInterval()
    {
        var svg = XElement.Parse(_dots.ToSvg());
        XElement[] dots = [.. Elements(svg, "circle")];
        XElement[] whiskers = [.. Elements(svg, "line", "whisker")];
        var reference = Elements(svg, "line", "reference").Single();
        Assert.That((dots.Length, whiskers.Length), Is.EqualTo((3, 2)));
        Assert.That(Number(dots[1], "cx"), Is.LessThan(Number(reference, "x1")), "0.9 is left of 1");
        Assert.That(Number(dots[0], "cx"), Is.GreaterThan(Number(reference, "x1")));
        var perUnit = (Number(dots[2], "cx") - Number(reference, "x1")) / (2 - 1);
        Assert.That(Number(dots[0], "cx") - Number(reference, "x1"), Is.EqualTo(0.2 * perUnit).Within(0.05));
        Assert.That(Number(whiskers[0], "x2") - Number(whiskers[0], "x1"), Is.EqualTo(0.3 * perUnit).Within(0.05));
        Assert.That(dots.Select(dot => Number(dot, "cy")), Is.Ordered.And.Unique);
        Assert.That(dots.Select(static dot => (string)dot.Attribute("class")!), Is.EqualTo((string[])["f0", "f1", "f1"]));
    }

    [Test]
    public void TextIsEncodedAndReadsAsItWasGiven()
    {
        var text = _dots.ToSvg();
        Assert.That(text, Does.Contain("Speed &lt;up&gt;").And.Contain("&lt;code&gt;").And.Contain("a &amp; b").And.Not.Contain("<code>"));
        Assert.That(Elements(XElement.Parse(text), "text").Select(static one => one.Value), Does.Contain("<code>").And.Contain("math").And.Contain("a & b"));
    }

    [Test]
    public void ABarIsAsLongAsItsValueAndStartsAtZero()
    {
        var chart = new BarChart
        {
            Title = "Rates", Unit = "tokens/s", Series = [], Groups = [new ChartGroup("plain", [new ChartValue(0, 50)]), new ChartGroup("fast", [new ChartValue(9, 100)])],
        };
        XElement[] bars = [.. Elements(XElement.Parse(chart.ToSvg()), "rect")];
        Assert.That(Number(bars[1], "width"), Is.EqualTo(2 * Number(bars[0], "width")).Within(0.05));
        Assert.That(Number(bars[1], "x"), Is.EqualTo(Number(bars[0], "x")));
        Assert.That((string)bars[1].Attribute("class")!, Is.EqualTo("s1 hollow"), "the ninth colour is the first again");
        Assert.That(chart.ToSvg(), Does.Contain(">50.0</text>").And.Contain("<title>plain: 50</title>"));
    }

    [Test]
    public void ALineGoesThroughItsPoints()
    {
        var chart = new LineChart
        {
            Title = "Cost", XLabel = "rows", YLabel = "times one row", Reference = 1,
            Series = [new ChartSeries("ours", [(1, 1), (2, 1.5), (4, double.NaN), (8, 2)]), new ChartSeries("theirs", [(1, 1), (8, 6)])],
        };
        var svg = XElement.Parse(chart.ToSvg());
        string[] points = [.. Elements(svg, "polyline").Select(static line => (string)line.Attribute("points")!)];
        XElement[] dots = [.. Elements(svg, "circle")];
        Assert.That((points.Length, dots.Length), Is.EqualTo((2, 5)), "what is no number is left out");
        Assert.That(points[0].Split(' '), Is.EqualTo(dots.Take(3).Select(static dot => $"{(string)dot.Attribute("cx")!},{(string)dot.Attribute("cy")!}")));
        Assert.That(Number(dots[3], "cy"), Is.GreaterThan(Number(dots[4], "cy")), "upwards is more");
        Assert.That(Number(Elements(svg, "line", "reference").Single(), "y1"), Is.EqualTo(Number(dots[0], "cy")));
    }

    [Test]
    public void ChartsWithoutValuesAreStillPictures()
    {
        Assert.That(() => XElement.Parse(new LineChart { Title = "t", XLabel = "x", YLabel = "y", Series = [] }.ToSvg()), Throws.Nothing);
        Assert.That(() => XElement.Parse((_dots with { Series = [], Groups = [], Reference = null }).ToSvg()), Throws.Nothing);
        Assert.That(() => XElement.Parse(new BarChart { Title = "t", Unit = "u", Series = ["a"], Groups = [] }.ToSvg()), Throws.Nothing);
    }

    [Test]
    public void ALongLegendBreaksIntoLines()
    {
        string[] many = [.. Enumerable.Range(1, 14).Select(static i => $"llama-server n_max {i}")];
        var svg = XElement.Parse((_dots with { Series = many }).ToSvg());
        var legend = Elements(svg, "text").Where(static text => text.Value.StartsWith("llama-server", StringComparison.Ordinal)).ToArray();
        Assert.That(legend.Select(text => Number(text, "y")).Distinct().Count(), Is.GreaterThan(2));
        Assert.That(legend.Select(text => Number(text, "x") + (6 * text.Value.Length)), Is.All.LessThan(Number(svg, "width")));
        Assert.That(Elements(svg, "circle").Select(dot => Number(dot, "cy")), Is.All.GreaterThan(legend.Max(text => Number(text, "y"))));
    }

    private static IEnumerable<XElement> Elements(XElement svg, string name, string cssClass = "") =>
        svg.Descendants(name).Where(one => ((string?)one.Attribute("class") ?? string.Empty).Contains(cssClass, StringComparison.Ordinal));

    private static double Number(XElement element, string attribute) => (double)element.Attribute(attribute)!;
}
