using LlamaSpec.Calibration;
using LlamaSpec.Models;

namespace LlamaSpec.Native.Calibration;

/// <summary>Whether a target verifies faster without fused attention than with llama.cpp's own choice.</summary>
internal static class FlashAttentionTrial
{
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
            prefersOff = ContextTrial.PrefersSecond(pair.TargetRunner, without, plan, TimeProvider.System, cancellationToken);
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
}
