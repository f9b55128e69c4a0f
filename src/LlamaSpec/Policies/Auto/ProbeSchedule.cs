namespace LlamaSpec.Policies.Auto;

/// <summary>
/// When to draft although it does not seem to pay: text changes, and what is never tried is never learned. Probes are short
/// runs of rounds; they wait for an interval that doubles while they fail, and for a budget that plain decoding earns.
/// </summary>
internal sealed class ProbeSchedule
{
    /// <summary>Rounds of one probe: catching up with the text is paid once for all of them.</summary>
    public const int RoundsPerProbe = 4;

    // Intervals of the algorithm notes, section 3; and half a percent of the time, a quarter of what may be lost at all.
    private const int ShortestInterval = 32;
    private const int LongestInterval = 256;
    private const double Budget = 0.005;

    private double _earnedMilliseconds;
    private int _interval = ShortestInterval;
    private int _rounds;

    /// <summary>Counts a round without a draft.</summary>
    public void AddPlain(double milliseconds)
    {
        _earnedMilliseconds += Budget * milliseconds;
        _rounds++;
    }

    /// <summary>Whether a probe may start that would cost so much more than plain decoding.</summary>
    public bool TryStart(double costMilliseconds)
    {
        if (_rounds < _interval || _earnedMilliseconds < costMilliseconds)
        {
            return false;
        }

        _earnedMilliseconds -= costMilliseconds;
        _rounds = 0;
        return true;
    }

    /// <summary>Takes the result of a probe.</summary>
    public void End(bool pays) => _interval = pays ? ShortestInterval : Math.Min(2 * _interval, LongestInterval);
}
