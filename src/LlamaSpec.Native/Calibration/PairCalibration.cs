using LlamaSpec.Calibration;
using LlamaSpec.Engine;
using LlamaSpec.Models;
using LlamaSpec.Policies.Costs;

namespace LlamaSpec.Native.Calibration;

/// <summary>Measures what the decodes of a pair cost on this machine. <see cref="ProfileStore"/> keeps the result.</summary>
public static class PairCalibration
{
    // As LlamaContextOptions: more threads rarely pay.
    private const int MostThreads = 8;

    /// <summary>
    /// Loads the pair, measures it and frees it. Threads, attention and matrix products that the options leave open are
    /// compared by the full form; the profile says what was chosen.
    /// </summary>
    /// <param name="options">Which models, and how. A target without a draft can be measured, too.</param>
    /// <param name="form">How thoroughly.</param>
    /// <param name="progress">Told how far it is, from a pool thread. What it throws is thrown from here.</param>
    /// <param name="cancellationToken">Stops it between two decodes.</param>
    /// <exception cref="FileNotFoundException">A model's file does not exist.</exception>
    /// <exception cref="ModelFailureException">A model cannot be loaded or measured, or the draft does not fit.</exception>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    /// <exception cref="NativeLibraryException">The native libraries are missing or do not fit.</exception>
    public static Task<CostProfile> MeasureAsync(
        ModelPairOptions options, CalibrationForm form, IProgress<CalibrationProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Task.Run(() => Measure(options, CalibrationPlan.Of(form), progress, cancellationToken), cancellationToken);
    }

    /// <summary>
    /// These options, with what the stored profile of the pair chose wherever they leave the choice: what a load of them would
    /// use. For another engine that is to compute like it.
    /// </summary>
    /// <exception cref="NativeLibraryException">The native libraries are missing or do not fit.</exception>
    public static ModelPairOptions WithStored(ModelPairOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return LoadCalibration.Read(options).Options;
    }

    /// <summary>Measures a loaded pair, whose runners then run with the settings of the profile. null where a hard budget did not suffice.</summary>
    internal static CostProfile? Measure(
        LoadedPair pair, ModelPairOptions options, CalibrationPlan plan, IProgress<CalibrationProgress>? progress, CancellationToken cancellationToken)
    {
        var usesFastRows = LlamaBackend.UsesFastRows(options.FastRows);
        var choosesRows = plan.ComparesAll && options.FastRows == FastRows.Auto && usesFastRows;
        var target = Subject(pair.TargetRunner, pair.TargetThreadCount) with
        {
            ThreadCandidates = options.TargetThreadCount is null ? TargetCandidates(plan, pair.TargetThreadCount) : [],
        };
        var draft = pair.DraftRunner is null ? null : Subject(pair.DraftRunner, pair.DraftThreadCount) with
        {
            ThreadCandidates = options.DraftThreadCount is null && plan.ComparesAll ? Distinct(1, 2, pair.TargetThreadCount) : [],
        };
        var costs = PairCalibrator.Measure(target, draft, plan, TimeProvider.System, progress, cancellationToken);
        return costs is null ? null : costs with { FlashAttention = options.FlashAttention };

        CalibratedModel Subject(LlamaModelRunner runner, int threads) => new(runner, threads)
        {
            CellsOfSequence = runner.CellCapacity / options.Engine.ConcurrentRequests,
            SetThreadCount = runner.SetThreadCount,
            SetFastRows = choosesRows ? uses => runner.SetFastRows(uses ? 1 : 0, uses ? RunnerSizes.MostRows : 0) : null,
            UsesFastRows = usesFastRows,
        };
    }

    private static CostProfile Measure(
        ModelPairOptions options, CalibrationPlan plan, IProgress<CalibrationProgress>? progress, CancellationToken cancellationToken)
    {
        options.Validate();
        options = options with { RequireDraft = options.DraftPathInUse is not null };
        using var pair = LoadedPair.Load(options, null, cancellationToken);
        if (plan.ComparesAll && options.FlashAttention is null && FlashAttentionTrial.PrefersOff(pair, options, plan, cancellationToken))
        {
            options = options with { FlashAttention = false };
        }

        return Measure(pair, options, plan, progress, cancellationToken)
            ?? throw new ModelFailureException("There was no time to measure anything.");
    }

    private static int[] TargetCandidates(CalibrationPlan plan, int threads) => plan.ComparesAll
        ? Distinct(1, ProcessorCores.PhysicalCount / 2, ProcessorCores.PhysicalCount, Environment.ProcessorCount, threads)
        : Distinct(1, threads);

    private static int[] Distinct(params int[] counts) => [.. counts.Select(static count => Math.Clamp(count, 1, MostThreads)).Distinct().Order()];
}
