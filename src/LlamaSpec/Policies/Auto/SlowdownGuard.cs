namespace LlamaSpec.Policies.Auto;

/// <summary>
/// The last word on drafting: whatever was predicted, when rounds with a draft turn out slower than plain decoding, they end for
/// a while. Measured over rounds that drafted. Predictions learn from the same rounds, so the next try is a better one; while
/// tries fail, they wait twice as long each time.
/// </summary>
internal sealed class SlowdownGuard
{
    // Constants of the algorithm notes, section 3, but for the waits, twice as long and more: a failed try costs a round or two.
    private const double LeastSpeedUp = 0.98;
    private const int RoundsToJudge = 20;
    private const int ShortestWait = 64;
    private const int LongestWait = 1024;

    // Fifty rounds of memory, because the luck of twenty is worth ten percent.
    private SpeedEstimate _speed;
    private int _roundsBelow;
    private int _roundsToWait;
    private int _wait = ShortestWait;

    /// <summary>Whether drafting is off.</summary>
    public bool IsOff => _roundsToWait > 0;

    /// <summary>Plain decoding's time for the tokens of the rounds that count, over theirs; 1 before there are any.</summary>
    public double SpeedUp => _speed.SpeedUp > 0 ? _speed.SpeedUp : 1;

    /// <summary>The rounds from here on are of another kind: those before count for less.</summary>
    public void Fade() => _speed = _speed.Remembered();

    /// <summary>Counts a round without a draft.</summary>
    public void AddPlain() => _roundsToWait = Math.Max(0, _roundsToWait - 1);

    /// <summary>Takes a round that drafted. Returns how many rounds of plain decoding were lost when it ends drafting, else 0.</summary>
    /// <param name="plainMilliseconds">What plain decoding would have taken for its tokens.</param>
    /// <param name="milliseconds">What it took.</param>
    public double Add(double plainMilliseconds, double milliseconds)
    {
        _speed.Add(plainMilliseconds, milliseconds);
        if (SpeedUp >= LeastSpeedUp)
        {
            _roundsBelow = 0;
            _wait = SpeedUp > 1 ? ShortestWait : _wait;
            return 0;
        }

        if (++_roundsBelow < RoundsToJudge)
        {
            return 0;
        }

        var lost = RoundsToJudge * (1 - SpeedUp);
        _roundsToWait = _wait;
        _wait = Math.Min(2 * _wait, LongestWait);
        (_speed, _roundsBelow) = (default, 0);
        return lost;
    }
}
