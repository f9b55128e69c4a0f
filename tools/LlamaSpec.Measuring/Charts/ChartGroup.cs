namespace LlamaSpec.Measuring.Charts;

/// <summary>Values that stand together in a chart.</summary>
/// <param name="Name">Beside them.</param>
/// <param name="Values">From top to bottom; a series may be missing.</param>
internal sealed record ChartGroup(string Name, IReadOnlyList<ChartValue> Values);
