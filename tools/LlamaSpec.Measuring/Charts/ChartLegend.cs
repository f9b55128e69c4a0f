namespace LlamaSpec.Measuring.Charts;

/// <summary>The names of the series with their colours, in lines above a chart.</summary>
internal static class ChartLegend
{
    private const double LineHeight = 18;
    private const double CharacterWidth = 6.8;

    /// <summary>Height of the legend, in pixels.</summary>
    public static double Height(IReadOnlyList<string> series, double width) => (Lines(series, width).Max(static entry => entry.Line) + 1) * LineHeight;

    /// <summary>Draws it from the top of a picture.</summary>
    public static void Draw(SvgWriter svg, IReadOnlyList<string> series, double width, double top)
    {
        foreach (var (index, (x, line)) in Lines(series, width).Index())
        {
            var y = top + (line * LineHeight);
            svg.Bar(x, y + 3, 10, 10, ChartStyle.Fill(index), series[index]).Text(x + 15, y + 12, series[index]);
        }
    }

    private static IEnumerable<(double X, int Line)> Lines(IReadOnlyList<string> series, double width)
    {
        var (x, line) = (0.0, 0);
        foreach (var name in series)
        {
            var needed = 30 + (name.Length * CharacterWidth);
            if (x > 0 && x + needed > width)
            {
                (x, line) = (0, line + 1);
            }

            yield return (x, line);
            x += needed;
        }
    }
}
