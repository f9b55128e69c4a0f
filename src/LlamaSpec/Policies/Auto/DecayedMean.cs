namespace LlamaSpec.Policies.Auto;

/// <summary>A mean that forgets: each observation weighs a little less with every later one.</summary>
internal struct DecayedMean
{
    // More than any of the means in use can come to.
    private const double LargestWeight = 1000;

    private double _weight;
    private double _sum;

    /// <summary>Observations that count, after forgetting.</summary>
    public readonly double Weight => _weight;

    /// <summary>Takes an observation.</summary>
    /// <param name="value">What was seen.</param>
    /// <param name="keep">What the earlier ones keep of their weight.</param>
    public void Add(double value, double keep)
    {
        _weight = (_weight * keep) + 1;
        _sum = (_sum * keep) + value;
    }

    /// <summary>The mean, with a prior that counts as so many observations.</summary>
    public readonly double Estimate(double prior, double priorWeight) => (_sum + (prior * priorWeight)) / (_weight + priorWeight);

    public readonly void Save(BinaryWriter writer)
    {
        writer.Write(_weight);
        writer.Write(_sum);
    }

    /// <exception cref="InvalidDataException">The values are not those of a mean of probabilities.</exception>
    public static DecayedMean Load(BinaryReader reader)
    {
        var mean = new DecayedMean { _weight = reader.ReadDouble(), _sum = reader.ReadDouble() };
        return mean._weight is >= 0 and <= LargestWeight && mean._sum >= 0 && mean._sum <= mean._weight * (1 + 1e-9)
            ? mean
            : throw new InvalidDataException("A learned mean is damaged.");
    }
}
