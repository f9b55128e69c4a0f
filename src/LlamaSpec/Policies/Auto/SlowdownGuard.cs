namespace LlamaSpec.Policies.Auto;

/// <summary>
/// The last word on drafting: whatever was predicted, when rounds with a draft turn out slower than plain decoding, they end.
/// Measured over rounds that drafted; probes decide when drafting comes back.
/// </summary>
internal sealed class SlowdownGuard
{
    // Constants of the algorithm notes, section 3.
    private const double LeastSpeedUp = 0.98;
    private const int RoundsToJudge = 20;

    // Fifty rounds of memory, because the luck of twenty is worth ten percent; and a probe has to be better by more than noise.
    private const double Keep = 0.98;
    private const double SpeedUpToReturn = 1.02;

    private double _plainMilliseconds;
    private double _milliseconds;
    private int _roundsBelow;

    /// <summary>Whether drafting is off.</summary>
    public bool IsOff { get; private set; }

    /// <summary>Plain decoding's time for the tokens of the rounds that count, over theirs; 1 before there are any.</summary>
    public double SpeedUp => _milliseconds > 0 ? _plainMilliseconds / _milliseconds : 1;

    /// <summary>Takes a round that drafted. Returns how many rounds of plain decoding were lost when it ends drafting, else 0.</summary>
    /// <param name="plainMilliseconds">What plain decoding would have taken for its tokens.</param>
    /// <param name="milliseconds">What it took.</param>
    public double Add(double plainMilliseconds, double milliseconds)
    {
        _plainMilliseconds = (_plainMilliseconds * Keep) + plainMilliseconds;
        _milliseconds = (_milliseconds * Keep) + milliseconds;
        _roundsBelow = SpeedUp < LeastSpeedUp ? _roundsBelow + 1 : 0;
        if (_roundsBelow < RoundsToJudge || IsOff)
        {
            return 0;
        }

        IsOff = true;
        var lost = RoundsToJudge * (1 - SpeedUp);
        Forget();
        return lost;
    }

    /// <summary>Ends a probe. Returns whether drafting is worth while again, or still.</summary>
    public bool EndProbe()
    {
        if (!IsOff)
        {
            return true;
        }

        IsOff = SpeedUp < SpeedUpToReturn;
        Forget();
        return !IsOff;
    }

    public void Save(BinaryWriter writer) => writer.Write(IsOff);

    public void Load(BinaryReader reader)
    {
        IsOff = reader.ReadBoolean();
        Forget();
    }

    private void Forget()
    {
        _plainMilliseconds = 0;
        _milliseconds = 0;
        _roundsBelow = 0;
    }
}
