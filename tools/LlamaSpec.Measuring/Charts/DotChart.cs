namespace LlamaSpec.Measuring.Charts;

/// <summary>Values as dots with whiskers for their intervals, in groups from top to bottom. Pure.</summary>
internal sealed record DotChart
{
    /// <summary>What it shows.</summary>
    public required string Title { get; init; }

    /// <summary>Written above the axis.</summary>
    public required string Unit { get; init; }

    /// <summary>Names for the legend; values refer to them by index.</summary>
    public required IReadOnlyList<string> Series { get; init; }

    public required IReadOnlyList<ChartGroup> Groups { get; init; }

    /// <summary>A value to draw a line at, such as 1 for a ratio. null (default) = none.</summary>
    public double? Reference { get; init; }

    /// <summary>The chart as an svg element.</summary>
    public string ToSvg()
    {
        var chart = new GroupedChart(Title, Series, Groups, Reference is { } value ? [value] : []);
        return chart.Draw(Reference, Unit, (svg, one, y, tip) =>
        {
            if (one is { Low: { } low, High: { } high })
            {
                svg.Line(chart.Scale.Place(low), y, chart.Scale.Place(high), y, $"whisker {ChartStyle.Stroke(one.Series)}");
            }

            svg.Dot(chart.Scale.Place(one.Value), y, 4, ChartStyle.Fill(one.Series), tip);
        });
    }
}
