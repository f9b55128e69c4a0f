namespace LlamaSpec.Measuring.Charts;

/// <summary>One value of a group of a chart.</summary>
/// <param name="Series">Index of its series.</param>
/// <param name="Value">The value.</param>
/// <param name="Low">Lower end of its interval; null = none.</param>
/// <param name="High">Upper end.</param>
internal readonly record struct ChartValue(int Series, double Value, double? Low = null, double? High = null);
