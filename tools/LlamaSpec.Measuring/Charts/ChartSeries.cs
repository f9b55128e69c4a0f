namespace LlamaSpec.Measuring.Charts;

/// <summary>One line of a <see cref="LineChart"/>.</summary>
/// <param name="Name">In the legend.</param>
/// <param name="Points">From left to right.</param>
internal sealed record ChartSeries(string Name, IReadOnlyList<(double X, double Y)> Points);
