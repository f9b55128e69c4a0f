using LlamaSpec.Calibration;
using LlamaSpec.Drafting;
using LlamaSpec.Policies.Costs;

namespace LlamaSpec.Native.Calibration;

/// <summary>The costs of a pair while it is loaded: read before, so that its choices are applied; else measured after.</summary>
internal sealed class LoadCalibration
{
    private readonly ModelPairOptions _asked;
    private readonly KeptCosts _kept;

    private LoadCalibration(ModelPairOptions asked, KeptCosts kept)
    {
        _asked = asked;
        _kept = kept;
        Options = kept.Stored is null ? asked : asked.With(kept.Stored);
    }

    /// <summary>What to load: as asked, with what a stored profile chose.</summary>
    public ModelPairOptions Options { get; }

    /// <summary>Reads what is stored for a pair.</summary>
    public static LoadCalibration Read(ModelPairOptions options)
    {
        var mode = options.Engine.Drafter == DrafterChoice.None ? CalibrationMode.Off : options.Calibration;
        return new LoadCalibration(options, new KeptCosts(() => ProfileKey.TryCreate(options), mode));
    }

    /// <summary>The stored costs, else measured ones where that is wanted; null = neither. A failure is no profile.</summary>
    public CostProfile? CostsOf(LoadedPair pair, IProgress<LoadProgress>? progress, CancellationToken cancellationToken) => _kept.ReadOrMeasure(
        reporter => PairCalibration.Measure(pair, _asked, _asked.CalibrationPlan, reporter, cancellationToken),
        progress is null ? null : new LoadReporter(progress),
        () => pair.TargetRunner.SetThreadCount(pair.TargetThreadCount));

    /// <summary>What engines over this pair have learned before; null = nothing, or nothing is to be read.</summary>
    public ReadOnlyMemory<byte>? TryReadLearned() => _kept.TryReadLearned();

    /// <summary>Keeps what an engine over this pair has learned, where that is wanted.</summary>
    public void WriteLearned(ReadOnlyMemory<byte> learned) => _kept.WriteLearned(learned);

    private sealed class LoadReporter(IProgress<LoadProgress> progress) : IProgress<CalibrationProgress>
    {
        public void Report(CalibrationProgress value) =>
            progress.Report(new LoadProgress("pair", (float)value.Done / value.Total) { Phase = LoadPhase.Calibration });
    }
}
