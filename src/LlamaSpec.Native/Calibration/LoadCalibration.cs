using System.Diagnostics.CodeAnalysis;
using LlamaSpec.Drafting;
using LlamaSpec.Policies.Costs;

namespace LlamaSpec.Native.Calibration;

/// <summary>The costs of a pair while it is loaded: read before, so that its choices are applied; else measured after.</summary>
internal sealed class LoadCalibration
{
    private readonly ModelPairOptions _asked;
    private readonly ProfileStore _store;
    private readonly string? _key;
    private readonly CostProfile? _stored;

    private LoadCalibration(ModelPairOptions asked, ProfileStore store, string? key)
    {
        _asked = asked;
        _store = store;
        _key = key;
        _stored = key is null ? null : store.TryRead(key);
        Options = _stored is null ? asked : asked.With(_stored);
    }

    /// <summary>What to load: as asked, with what a stored profile chose.</summary>
    public ModelPairOptions Options { get; }

    /// <summary>Reads what is stored for a pair.</summary>
    public static LoadCalibration Read(ModelPairOptions options)
    {
        var hasCosts = options.Calibration != CalibrationMode.Off && options.Engine.Drafter != DrafterChoice.None;
        return new LoadCalibration(options, new ProfileStore(), hasCosts ? ProfileKey.TryCreate(options) : null);
    }

    /// <summary>The stored costs, else measured ones where that is wanted; null = neither. A failure is no profile.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "Whatever a measurement fails with, the pair can still generate; what the caller's own progress throws goes on.")]
    public CostProfile? CostsOf(LoadedPair pair, IProgress<LoadProgress>? progress, CancellationToken cancellationToken)
    {
        if (_stored is not null || _key is null || _asked.Calibration != CalibrationMode.Auto)
        {
            return _stored;
        }

        var reporter = progress is null ? null : new Reporter(progress);
        try
        {
            var costs = PairCalibration.Measure(pair, _asked, _asked.CalibrationPlan, reporter, cancellationToken);
            if (costs is not null)
            {
                _store.TryWrite(_key, costs);
            }

            return costs;
        }
        catch (Exception error) when (error is not OperationCanceledException && error != reporter?.Failure)
        {
            pair.TargetRunner.SetThreadCount(pair.TargetThreadCount);
            return null;
        }
    }

    /// <summary>What engines over this pair have learned before; null = nothing, or nothing is to be read.</summary>
    public ReadOnlyMemory<byte>? TryReadLearned() => _key is not null && _store.TryReadLearned(_key) is { } learned ? learned : null;

    /// <summary>Keeps what an engine over this pair has learned, where that is wanted.</summary>
    public void WriteLearned(ReadOnlyMemory<byte> learned)
    {
        if (_key is not null && _asked.Calibration == CalibrationMode.Auto)
        {
            _store.TryWriteLearned(_key, learned.Span);
        }
    }

    private sealed class Reporter(IProgress<LoadProgress> progress) : IProgress<CalibrationProgress>
    {
        public Exception? Failure { get; private set; }

        public void Report(CalibrationProgress value)
        {
            try
            {
                progress.Report(new LoadProgress("pair", (float)value.Done / value.Total) { Phase = LoadPhase.Calibration });
            }
            catch (Exception error)
            {
                Failure = error;
                throw;
            }
        }
    }
}
