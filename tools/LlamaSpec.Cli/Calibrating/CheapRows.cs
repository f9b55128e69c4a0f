using LlamaSpec.Policies.Costs;

namespace LlamaSpec.Cli.Calibrating;

/// <summary>How far verifying pays.</summary>
internal static class CheapRows
{
    /// <summary>The most measured rows that cost, beyond the first, less than half of V(1) each; 1 = a second row is dear already.</summary>
    public static int Of(VerifyCurve curve)
    {
        var single = curve.Points[0].Milliseconds;
        return curve.Points.Last(point => point.Rows == 1 || point.Milliseconds - single < (point.Rows - 1) * single / 2).Rows;
    }
}
