namespace LlamaSpec.Measuring.Results;

/// <summary>
/// How far a mean could be another with other questions: the percentile bootstrap (Efron and Tibshirani, An Introduction to the
/// Bootstrap, 1993, section 13.3). Pure: the same values always give the same interval.
/// </summary>
internal static class Bootstrap
{
    /// <summary>Times that the values are drawn anew, with replacement.</summary>
    public const int Resamples = 2000;

    private const int Seed = 20260401;
    private const double Confidence = 0.95;

    /// <summary>The 95 % interval of the mean; null with fewer than two values, which say nothing of others.</summary>
    public static (double Low, double High)? IntervalOfMean(ReadOnlySpan<double> values)
    {
        if (values.Length < 2)
        {
            return null;
        }

        var random = new Random(Seed);
        var means = new double[Resamples];
        for (var i = 0; i < means.Length; i++)
        {
            var sum = 0.0;
            for (var draw = 0; draw < values.Length; draw++)
            {
                sum += values[random.Next(values.Length)];
            }

            means[i] = sum / values.Length;
        }

        Array.Sort(means);
        var tail = (1 - Confidence) / 2;
        return (Quantile(means, tail), Quantile(means, 1 - tail));
    }

    // Linear between neighbours.
    private static double Quantile(double[] sorted, double fraction)
    {
        var position = fraction * (sorted.Length - 1);
        var index = (int)position;
        var next = Math.Min(index + 1, sorted.Length - 1);
        return sorted[index] + ((position - index) * (sorted[next] - sorted[index]));
    }
}
