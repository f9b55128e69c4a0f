using LlamaSpec.Models;

namespace LlamaSpec.Native.Calibration;

/// <summary>Whether a target verifies faster without fused attention than with llama.cpp's own choice.</summary>
internal static class FlashAttentionTrial
{
    private const int Depth = 512;
    private const int Rows = 4;

    /// <summary>
    /// Compares both in two contexts, in turns. The pair keeps the winner's; where there is no memory for a second one, the
    /// first.
    /// </summary>
    public static bool PrefersOff(LoadedPair pair, ModelPairOptions options, CalibrationPlan plan, CancellationToken cancellationToken)
    {
        LlamaModelRunner without;
        try
        {
            without = LoadedPair.CreateTargetRunner(pair.Target, options with { FlashAttention = false }, pair.TargetThreadCount);
        }
        catch (ModelFailureException)
        {
            return false;
        }

        var prefersOff = false;
        try
        {
            prefersOff = PrefersSecond(pair.TargetRunner, without, plan, TimeProvider.System, cancellationToken);
            return prefersOff;
        }
        finally
        {
            if (prefersOff)
            {
                pair.ReplaceTargetRunner(without);
            }
            else
            {
                without.Dispose();
            }
        }
    }

    /// <summary>Whether decodes of the second runner are enough faster. Both caches are empty afterwards.</summary>
    internal static bool PrefersSecond(IModelRunner first, IModelRunner second, CalibrationPlan plan, TimeProvider time, CancellationToken cancellationToken)
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
