using System.Globalization;

namespace LlamaSpec.Benchmarks.Rows;

/// <summary>A verify-cost curve as a Markdown table.</summary>
internal static class VerifyCostTable
{
    public static void Write(VerifyCost cost, string name, TextWriter output)
    {
        var single = cost.Points[0];
        output.WriteLine(Invariant($"### {name}"));
        output.WriteLine();
        output.WriteLine(Invariant($"{cost.Model}, {cost.WeightBytes / 1e6:F0} MB, {cost.ParameterCount / 1e6:F0} million weights"));
        output.WriteLine();
        output.WriteLine("| rows | llama.cpp, ms | of its V(1) | fast rows, ms | of its V(1) | of llama.cpp's V(1) | times faster | GB/s | GFLOP/s |");
        output.WriteLine("|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
        foreach (var point in cost.Points)
        {
            var seconds = point.FastMilliseconds / 1000;
            output.WriteLine(Invariant(
                $"| {point.Rows} | {point.StockMilliseconds:F2} | {point.StockMilliseconds / single.StockMilliseconds:F2} | {point.FastMilliseconds:F2} | {point.FastMilliseconds / single.FastMilliseconds:F2} | {point.FastMilliseconds / single.StockMilliseconds:F2} | {point.StockMilliseconds / point.FastMilliseconds:F2} | {cost.WeightBytes / seconds / 1e9:F1} | {2.0 * cost.ParameterCount * point.Rows / seconds / 1e9:F0} |"));
        }

        output.WriteLine();
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
