namespace LlamaSpec.Policies.Costs;

/// <summary>A factor that observations correct: the first ones more, later ones a little each.</summary>
internal struct LearnedFactor
{
    private const double LeastWeight = 0.015;
    private const double Largest = 100;
    private const int MostSeen = 64;

    // A calibration counts as so many observations.
    private const int CalibratedSeen = 8;

    // What one observation may say, as a logarithm; more where nothing was measured before.
    private const double Clip = 0.3;
    private const double FirstClip = 0.7;
    private const int FirstCount = 8;

    private readonly bool _isCalibrated;

    public LearnedFactor(bool isCalibrated)
    {
        _isCalibrated = isCalibrated;
        Value = 1;
    }

    /// <summary>The factor.</summary>
    public double Value { get; private set; }

    /// <summary>Observations so far, up to some dozens.</summary>
    public int Seen { get; private set; }

    /// <summary>Takes an observation, and returns by what the logarithm of the factor moved.</summary>
    /// <param name="surprise">Logarithm of the observed over the expected.</param>
    public double Move(double surprise)
    {
        var clip = !_isCalibrated && Seen < FirstCount ? FirstClip : Clip;
        Seen = Math.Min(Seen + 1, MostSeen);
        var weight = Math.Max(LeastWeight, 1.0 / (Seen + (_isCalibrated ? CalibratedSeen : 0)));
        var move = weight * Math.Clamp(surprise, -clip, clip);
        Shift(move);
        return move;
    }

    /// <summary>Moves the logarithm of the factor, without an observation of its own.</summary>
    public void Shift(double move) => Value = Math.Clamp(Value * Math.Exp(move), 1 / Largest, Largest);

    public readonly void Save(BinaryWriter writer)
    {
        writer.Write(Value);
        writer.Write(Seen);
    }

    /// <exception cref="InvalidDataException">A value cannot have been learned.</exception>
    public static LearnedFactor Load(BinaryReader reader, LearnedFactor start)
    {
        var factor = start with { Value = reader.ReadDouble(), Seen = reader.ReadInt32() };
        return factor.Value is >= 1 / Largest and <= Largest && factor.Seen is >= 0 and <= MostSeen
            ? factor
            : throw new InvalidDataException($"A correction of {factor.Value} is not one.");
    }
}
