using MathNet.Numerics.Distributions;

namespace LlamaSpec.Contracts.Pairs;

/// <summary>Whether two samples of answers are of one distribution.</summary>
internal static class TwoSamples
{
    private const int Common = 10;

    /// <summary>
    /// Probability of a chi-square statistic as large as that of the samples, were they of one distribution. What is rare in both
    /// together is pooled.
    /// </summary>
    public static double PValue<T>(int[][] first, int[][] second, Func<int[], T> key)
        where T : notnull
    {
        var cells = first.Select(tokens => (Key: key(tokens), First: 1, Second: 0))
            .Concat(second.Select(tokens => (Key: key(tokens), First: 0, Second: 1)))
            .GroupBy(entry => entry.Key)
            .Select(group => (First: group.Sum(entry => entry.First), Second: group.Sum(entry => entry.Second)))
            .ToList();
        var kept = cells.Where(cell => cell.First + cell.Second >= Common).ToList();
        var rare = cells.Where(cell => cell.First + cell.Second < Common).ToList();
        if (rare.Count > 0)
        {
            kept.Add((rare.Sum(cell => cell.First), rare.Sum(cell => cell.Second)));
        }

        var statistic = kept.Sum(cell => Math.Pow(cell.First - cell.Second, 2) / (cell.First + cell.Second));
        return 1 - ChiSquared.CDF(kept.Count - 1, statistic);
    }
}
