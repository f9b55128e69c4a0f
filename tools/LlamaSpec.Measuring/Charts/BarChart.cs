namespace LlamaSpec.Measuring.Charts;

/// <summary>Values as bars from 0, in groups from top to bottom. Pure.</summary>
internal sealed record BarChart
{
    private const double Thickness = 11;

    /// <summary>What it shows.</summary>
    public required string Title { get; init; }

    /// <summary>Written above the axis.</summary>
    public required string Unit { get; init; }

    /// <summary>Names for the legend; values refer to them by index. Empty = no legend, colours alone.</summary>
    public required IReadOnlyList<string> Series { get; init; }

    public required IReadOnlyList<ChartGroup> Groups { get; init; }

    /// <summary>The format of the numbers at the bars' ends. Default one digit after the point.</summary>
    public string Format { get; init; } = "F1";

    /// <summary>The chart as an svg element.</summary>
    public string ToSvg()
    {
        var chart = new GroupedChart(Title, Series, Groups, [0]);
        return chart.Draw(reference: null, Unit, (svg, one, y, tip) =>
        {
            var (from, to) = (chart.Scale.Place(Math.Min(0, one.Value)), chart.Scale.Place(Math.Max(0, one.Value)));
            svg.Bar(from, y - (Thickness / 2), to - from, Thickness, ChartStyle.Fill(one.Series), tip)
                .Text(to + 4, y + 4, one.Value.ToString(Format, System.Globalization.CultureInfo.InvariantCulture));
        });
    }
}
