using LlamaSpec.Sampling;

namespace LlamaSpec.Policies;

/// <summary>
/// The length with the most expected tokens over its measured time, after Ollama's MLX runner: acceptance by position and time
/// by length are moving averages, length 0 is a candidate, and other lengths are probed every 4 rounds at first, then ever
/// more seldom.
/// </summary>
public sealed class ExpectedThroughputPolicy : IDraftLengthPolicy
{
    private const double AcceptanceWeight = 0.1;
    private const double TimeWeight = 0.25;
    private const double PriorAcceptance = 0.7;
    private const int FirstProbeInterval = 4;
    private const int LongestProbeInterval = 512;

    // What catching up with more rows takes is not the price of a length: such a round is repeated.
    private const int MostMissingRows = 4;

    // A round that the machine held up counts as so many times the usual.
    private const double LongestSurprise = 3;

    private readonly double[] _acceptance;
    private readonly double[] _milliseconds;
    private int _roundsToProbe = FirstProbeInterval;
    private int _probeInterval = FirstProbeInterval;
    private int _nextProbe;

    /// <summary>Creates one.</summary>
    /// <param name="maximumDraftLength">Longest draft of the engine.</param>
    public ExpectedThroughputPolicy(int maximumDraftLength)
    {
        _acceptance = new double[maximumDraftLength];
        Array.Fill(_acceptance, PriorAcceptance);
        _milliseconds = new double[maximumDraftLength + 1];
        Length = Math.Min(1, maximumDraftLength);
    }

    /// <summary>Length of the next round, before the engine's limit.</summary>
    public int Length { get; private set; }

    /// <inheritdoc />
    public bool BeforePass(in DraftProgress progress) => progress.DraftedCount < Length;

    /// <inheritdoc />
    public bool BeforeSampling(in DraftProgress progress, in RowStatistics distribution) => true;

    /// <inheritdoc />
    public void Observe(in RoundOutcome outcome)
    {
        if (outcome.PromptRows > 0 || outcome.StepMilliseconds <= 0)
        {
            return;
        }

        for (var i = 0; i < Math.Min(outcome.AcceptedCount + 1, outcome.DraftedCount); i++)
        {
            _acceptance[i] += AcceptanceWeight * ((i < outcome.AcceptedCount ? 1 : 0) - _acceptance[i]);
        }

        if (outcome.PassCount > 0 && outcome.MissingRows > MostMissingRows)
        {
            return;
        }

        ref var milliseconds = ref _milliseconds[outcome.DraftedCount];
        milliseconds = milliseconds == 0
            ? outcome.StepMilliseconds
            : milliseconds + (TimeWeight * (Math.Min(outcome.StepMilliseconds, LongestSurprise * milliseconds) - milliseconds));
        Length = --_roundsToProbe > 0 ? BestLength() : Probe();
    }

    private int Probe()
    {
        _probeInterval = Math.Min(2 * _probeInterval, LongestProbeInterval);
        _roundsToProbe = _probeInterval;
        var unmeasured = _milliseconds.AsSpan().IndexOf(0.0);
        return unmeasured >= 0 ? unmeasured : _nextProbe++ % _milliseconds.Length;
    }

    // Lengths that were never timed are left to the probes.
    private int BestLength()
    {
        var best = 0;
        var bestSpeed = 0.0;
        var survival = 1.0;
        var tokens = 1.0;
        for (var length = 0; length < _milliseconds.Length; length++)
        {
            if (length > 0)
            {
                survival *= _acceptance[length - 1];
                tokens += survival;
            }

            if (_milliseconds[length] > 0 && tokens / _milliseconds[length] > bestSpeed)
            {
                bestSpeed = tokens / _milliseconds[length];
                best = length;
            }
        }

        return best;
    }
}
