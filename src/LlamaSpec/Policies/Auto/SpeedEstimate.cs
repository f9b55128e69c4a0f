namespace LlamaSpec.Policies.Auto;

/// <summary>
/// The speed of a request in units of plain decoding, as a ratio of decayed sums: rounds are renewals, so their long-run speed
/// is a ratio of means. In those units it outlasts a change of the machine's pace and of the depth.
/// </summary>
internal struct SpeedEstimate
{
    // 0.98: the speed of the last fifty rounds.
    private const double Keep = 0.98;
    private const double RoundsTakenOver = 10;

    private double _plainMilliseconds;
    private double _milliseconds;
    private double _rounds;

    /// <summary>Plain decoding's time for the same tokens over the time that they took; 0 before a round was seen.</summary>
    public readonly double SpeedUp => _milliseconds > 0 ? _plainMilliseconds / _milliseconds : 0;

    /// <summary>Takes a round.</summary>
    /// <param name="plainMilliseconds">What plain decoding would have taken for its tokens.</param>
    /// <param name="milliseconds">What it took.</param>
    public void Add(double plainMilliseconds, double milliseconds)
    {
        _plainMilliseconds = (_plainMilliseconds * Keep) + plainMilliseconds;
        _milliseconds = (_milliseconds * Keep) + milliseconds;
        _rounds = (_rounds * Keep) + 1;
    }

    /// <summary>A start for what is much alike, as the next request: the same speed with the weight of a few rounds.</summary>
    public readonly SpeedEstimate Remembered()
    {
        var share = _rounds > RoundsTakenOver ? RoundsTakenOver / _rounds : 1;
        return new SpeedEstimate { _plainMilliseconds = _plainMilliseconds * share, _milliseconds = _milliseconds * share, _rounds = _rounds * share };
    }
}
