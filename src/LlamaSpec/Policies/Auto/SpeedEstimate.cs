namespace LlamaSpec.Policies.Auto;

/// <summary>Tokens a millisecond as a ratio of decayed sums: rounds are renewals, so their long-run speed is a ratio of means.</summary>
internal struct SpeedEstimate
{
    // 0.98: the speed of the last fifty rounds.
    private const double Keep = 0.98;
    private const double RoundsTakenOver = 10;

    private double _tokens;
    private double _milliseconds;
    private double _rounds;

    /// <summary>Tokens a millisecond; 0 before a round was seen.</summary>
    public readonly double TokensPerMillisecond => _milliseconds > 0 ? _tokens / _milliseconds : 0;

    public void Add(double tokens, double milliseconds)
    {
        _tokens = (_tokens * Keep) + tokens;
        _milliseconds = (_milliseconds * Keep) + milliseconds;
        _rounds = (_rounds * Keep) + 1;
    }

    /// <summary>A start for the next request: the same speed with the weight of a few rounds.</summary>
    public readonly SpeedEstimate Remembered()
    {
        var share = _rounds > RoundsTakenOver ? RoundsTakenOver / _rounds : 1;
        return new SpeedEstimate { _tokens = _tokens * share, _milliseconds = _milliseconds * share, _rounds = _rounds * share };
    }
}
