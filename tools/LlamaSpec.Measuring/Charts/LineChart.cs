using System.Globalization;

namespace LlamaSpec.Measuring.Charts;

/// <summary>Several series over one axis, as lines with dots. Pure.</summary>
internal sealed record LineChart
{
    private const double Width = 760;
    private const double PlotHeight = 300;
    private const double Left = 56;
    private const double Right = 16;
    private const double Bottom = 44;

    /// <summary>What it shows.</summary>
    public required string Title { get; init; }

    /// <summary>What the points are over.</summary>
    public required string XLabel { get; init; }

    /// <summary>What the points are.</summary>
    public required string YLabel { get; init; }

    public required IReadOnlyList<ChartSeries> Series { get; init; }

    /// <summary>A value to draw a line at, such as 1 for a ratio. null (default) = none.</summary>
    public double? Reference { get; init; }

    /// <summary>Start the vertical axis at 0. Default true: half as high is half as much.</summary>
    public bool StartsAtZero { get; init; } = true;

    /// <summary>The chart as an svg element.</summary>
    public string ToSvg()
    {
        string[] names = [.. Series.Select(static series => series.Name)];
        var top = (names.Length == 0 ? 0 : ChartLegend.Height(names, Width)) + 24;
        var bottom = top + PlotHeight;
        var points = Series.SelectMany(static series => series.Points).ToArray();
        var x = new LinearScale(points.Select(static point => point.X), Left, Width - Right, 8);
        double[] always = [.. Reference is { } value ? [value] : (double[])[], .. StartsAtZero ? [0] : (double[])[]];
        var y = new LinearScale(points.Select(static point => point.Y).Concat(always), bottom, top);
        var svg = new SvgWriter(Width, bottom + Bottom, Title);
        ChartLegend.Draw(svg, names, Width, 0);
        svg.Text(0, top - 8, YLabel).Text(Left + ((Width - Left - Right) / 2), bottom + 36, XLabel, "middle");
        foreach (var tick in y.Ticks)
        {
            svg.Line(Left, y.Place(tick), Width - Right, y.Place(tick), "grid").Text(Left - 6, y.Place(tick) + 4, y.Label(tick), "end");
        }

        foreach (var tick in x.Ticks)
        {
            svg.Line(x.Place(tick), bottom, x.Place(tick), bottom + 4, "axis").Text(x.Place(tick), bottom + 18, x.Label(tick), "middle");
        }

        if (Reference is { } reference)
        {
            svg.Line(Left, y.Place(reference), Width - Right, y.Place(reference), "reference");
        }

        for (var i = 0; i < Series.Count; i++)
        {
            Draw(svg, i, x, y);
        }

        return svg.Finish();
    }

    private void Draw(SvgWriter svg, int index, LinearScale x, LinearScale y)
    {
        var (name, points) = (Series[index].Name, Series[index].Points.Where(static point => double.IsFinite(point.X) && double.IsFinite(point.Y)).ToArray());
        svg.Path(points.Select(point => (x.Place(point.X), y.Place(point.Y))), $"line {ChartStyle.Stroke(index)}");
        foreach (var point in points)
        {
            svg.Dot(x.Place(point.X), y.Place(point.Y), 3, ChartStyle.Fill(index), string.Create(CultureInfo.InvariantCulture, $"{name}: {point.Y:G4} at {point.X:G4}"));
        }
    }
}
