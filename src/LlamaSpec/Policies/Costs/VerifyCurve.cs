namespace LlamaSpec.Policies.Costs;

/// <summary>The time of one target decode of n rows at a context depth: the staircase as it was measured, never smoothed.</summary>
/// <param name="Depth">Cells of the sequence before the decode, 0 to 16,777,216.</param>
/// <param name="Points">1 to 256 of them in ascending number of rows, the first for one row.</param>
public sealed record VerifyCurve(int Depth, IReadOnlyList<CostPoint> Points)
{
    private const int MostDepth = 1 << 24;
    private const int MostPoints = 256;
    private const int MostRows = 65_536;

    /// <summary>
    /// The time of a decode of <paramref name="rows"/>: exact at a measured number, linear between two, and beyond the last
    /// one with the slope of the last two, but never less than the last.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="rows"/> is below 1.</exception>
    public double Milliseconds(int rows)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        var next = 0;
        while (next < Points.Count && Points[next].Rows < rows)
        {
            next++;
        }

        if (next < Points.Count)
        {
            return Points[next].Rows == rows ? Points[next].Milliseconds : Between(Points[next - 1], Points[next], rows);
        }

        var last = Points[^1];
        return Points.Count == 1 ? last.Milliseconds : Math.Max(last.Milliseconds, Between(Points[^2], last, rows));
    }

    internal void Validate()
    {
        Check.Range(Depth, 0, MostDepth, nameof(Depth));
        ArgumentNullException.ThrowIfNull(Points);
        Check.Range(Points.Count, 1, MostPoints, $"{nameof(Points)}.{nameof(Points.Count)}");
        if (Points[0].Rows != 1)
        {
            throw new ArgumentException($"The first point of a curve must be of one row, but is of {Points[0].Rows}.");
        }

        for (var i = 0; i < Points.Count; i++)
        {
            Check.Range(Points[i].Rows, i == 0 ? 1 : Points[i - 1].Rows + 1, MostRows, nameof(CostPoint.Rows));
            Check.Range(Points[i].Milliseconds, CostProfile.ShortestMilliseconds, CostProfile.LongestMilliseconds, nameof(CostPoint.Milliseconds));
        }
    }

    private static double Between(CostPoint first, CostPoint second, int rows) =>
        first.Milliseconds + ((second.Milliseconds - first.Milliseconds) * (rows - first.Rows) / (second.Rows - first.Rows));
}
