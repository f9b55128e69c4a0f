namespace LlamaSpec.Benchmarks;

/// <summary>Figures of a list of measurements.</summary>
internal static class Statistics
{
    /// <summary>The median; of an even number the upper one of the two in the middle.</summary>
    public static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
