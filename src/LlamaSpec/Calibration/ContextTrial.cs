using LlamaSpec.Models;

namespace LlamaSpec.Calibration;

/// <summary>Compares two contexts over the same model by decodes as speculation makes them.</summary>
internal static class ContextTrial
{
    private const int Depth = 512;
    private const int Rows = 4;

    /// <summary>Whether decodes of the second runner are enough faster. Both caches are empty afterwards.</summary>
    public static bool PrefersSecond(IModelRunner first, IModelRunner second, CalibrationPlan plan, TimeProvider time, CancellationToken cancellationToken)
    {
        // Only one sequence of each is filled, so it may have all cells.
        RunnerProbe[] probes = [new(first, first.CellCapacity, time, cancellationToken), new(second, second.CellCapacity, time, cancellationToken)];
        try
        {
            var depth = Math.Min(Depth, probes[0].CellsOfSequence - Rows);
            foreach (var probe in probes)
            {
                probe.Fill(depth, new TimeBudget(time, TimeSpan.MaxValue));
            }

            var current = probes[0];
            SettingTrial.Choose(probes, probe => current = probe, Verify, plan.TrialRepeats, new TimeBudget(time, plan.Budget));
            return current == probes[1];

            double Verify()
            {
                var milliseconds = current.Append(Rows);
                current.RollBack();
                return milliseconds;
            }
        }
        finally
        {
            probes[0].ReleaseAll();
            probes[1].ReleaseAll();
        }
    }
}
