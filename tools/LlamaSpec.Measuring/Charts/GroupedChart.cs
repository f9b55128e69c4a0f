using System.Globalization;

namespace LlamaSpec.Measuring.Charts;

/// <summary>What <see cref="DotChart"/> and <see cref="BarChart"/> share: groups from top to bottom, a line for each value, values to the right.</summary>
internal sealed class GroupedChart
{
    private const double Width = 760;
    private const double Right = 52;
    private const double LineHeight = 15;
    private const double GroupGap = 12;
    private const double CharacterWidth = 6.8;
    private const double LongestName = 220;

    private readonly IReadOnlyList<string> _series;
    private readonly IReadOnlyList<ChartGroup> _groups;
    private readonly SvgWriter _svg;
    private readonly double _top;
    private readonly double _bottom;

    /// <param name="title">What the chart shows.</param>
    /// <param name="series">Names for the legend; empty = none, where the groups' names say enough.</param>
    /// <param name="groups">The values.</param>
    /// <param name="always">Values that the axis includes in any case.</param>
    public GroupedChart(string title, IReadOnlyList<string> series, IReadOnlyList<ChartGroup> groups, IReadOnlyList<double> always)
    {
        (_series, _groups) = (series, groups);
        var left = 12 + Math.Min(LongestName, groups.Select(static group => group.Name.Length).DefaultIfEmpty(0).Max() * CharacterWidth);
        _top = (series.Count == 0 ? 0 : ChartLegend.Height(series, Width)) + 24;
        _bottom = _top + groups.Sum(static group => (group.Values.Count * LineHeight) + GroupGap);
        var ends = groups.SelectMany(static group => group.Values).SelectMany(static one => (double[])[one.Value, one.Low ?? one.Value, one.High ?? one.Value]);
        Scale = new LinearScale(ends.Concat(always), left, Width - Right);
        _svg = new SvgWriter(Width, _bottom + 8, title);
    }

    /// <summary>Where values are.</summary>
    public LinearScale Scale { get; }

    /// <summary>Draws the chart.</summary>
    /// <param name="reference">A value to draw a line at, or null.</param>
    /// <param name="unit">Written above the axis.</param>
    /// <param name="mark">Draws one value, given the middle of its line and the text that explains it.</param>
    public string Draw(double? reference, string unit, Action<SvgWriter, ChartValue, double, string> mark)
    {
        ChartLegend.Draw(_svg, _series, Width, 0);
        _svg.Text(0, _top - 8, unit);
        foreach (var tick in Scale.Ticks)
        {
            _svg.Line(Scale.Place(tick), _top, Scale.Place(tick), _bottom, "grid").Text(Scale.Place(tick), _top - 8, Scale.Label(tick), "middle");
        }

        if (reference is { } value)
        {
            _svg.Line(Scale.Place(value), _top, Scale.Place(value), _bottom, "reference");
        }

        var y = _top;
        foreach (var group in _groups)
        {
            _svg.Text(0, y + (group.Values.Count * LineHeight / 2) + (GroupGap / 2) + 4, Shorten(group.Name));
            y += GroupGap / 2;
            foreach (var one in group.Values)
            {
                mark(_svg, one, y + (LineHeight / 2), Tip(group.Name, one));
                y += LineHeight;
            }

            y += GroupGap / 2;
        }

        return _svg.Finish();
    }

    private static string Shorten(string name)
    {
        const int Most = (int)(LongestName / CharacterWidth);
        return name.Length <= Most ? name : name[..(Most - 1)] + "…";
    }

    private string Tip(string group, ChartValue one)
    {
        var interval = one is { Low: { } low, High: { } high } ? string.Create(CultureInfo.InvariantCulture, $" ({low:G4} to {high:G4})") : string.Empty;
        var name = one.Series < _series.Count ? $"{group}, {_series[one.Series]}" : group;
        return string.Create(CultureInfo.InvariantCulture, $"{name}: {one.Value:G4}{interval}");
    }
}
