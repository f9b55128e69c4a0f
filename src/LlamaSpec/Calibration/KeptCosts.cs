using System.Diagnostics.CodeAnalysis;
using LlamaSpec.Policies.Costs;

namespace LlamaSpec.Calibration;

/// <summary>The costs of a pair, and what engines over it have learned, as they are kept from one load to the next.</summary>
internal sealed class KeptCosts
{
    private readonly ProfileStore _store = new();
    private readonly string? _key;
    private readonly CalibrationMode _mode;

    /// <summary>Reads what is kept.</summary>
    /// <param name="createKey">Names the pair, its settings and the machine, where anything is to be kept; null = nothing can be.</param>
    /// <param name="mode">Whether to read, and to measure.</param>
    public KeptCosts(Func<string?> createKey, CalibrationMode mode)
    {
        _key = mode == CalibrationMode.Off ? null : createKey();
        _mode = mode;
        Stored = _key is null ? null : _store.TryRead(_key);
    }

    /// <summary>Costs that were measured before; null = none.</summary>
    public CostProfile? Stored { get; }

    /// <summary>The stored costs, else measured ones, where that is wanted; null = neither. A measurement that fails is no profile.</summary>
    /// <param name="measure">Measures; gets the progress to report to, and returns null where there was no time.</param>
    /// <param name="progress">Told how far it is. What it throws is thrown from here.</param>
    /// <param name="afterFailure">Puts back what a measurement that failed may have changed.</param>
    [SuppressMessage("Design", "CA1031", Justification = "Whatever a measurement fails with, the pair can still generate; what the caller's own progress throws goes on.")]
    public CostProfile? ReadOrMeasure(Func<IProgress<CalibrationProgress>?, CostProfile?> measure, IProgress<CalibrationProgress>? progress, Action? afterFailure = null)
    {
        if (Stored is not null || _key is null || _mode != CalibrationMode.Auto)
        {
            return Stored;
        }

        var reporter = progress is null ? null : new Reporter(progress);
        try
        {
            var costs = measure(reporter);
            if (costs is not null)
            {
                _store.TryWrite(_key, costs);
            }

            return costs;
        }
        catch (Exception error) when (error is not OperationCanceledException && error != reporter?.Failure)
        {
            afterFailure?.Invoke();
            return null;
        }
    }

    /// <summary>What engines over this pair have learned before; null = nothing, or nothing is to be read.</summary>
    public ReadOnlyMemory<byte>? TryReadLearned() => _key is not null && _store.TryReadLearned(_key) is { } learned ? learned : null;

    /// <summary>Keeps what an engine over this pair has learned, where that is wanted.</summary>
    public void WriteLearned(ReadOnlyMemory<byte> learned)
    {
        if (_key is not null && _mode == CalibrationMode.Auto)
        {
            _store.TryWriteLearned(_key, learned.Span);
        }
    }

    private sealed class Reporter(IProgress<CalibrationProgress> progress) : IProgress<CalibrationProgress>
    {
        public Exception? Failure { get; private set; }

        public void Report(CalibrationProgress value)
        {
            try
            {
                progress.Report(value);
            }
            catch (Exception error)
            {
                Failure = error;
                throw;
            }
        }
    }
}
