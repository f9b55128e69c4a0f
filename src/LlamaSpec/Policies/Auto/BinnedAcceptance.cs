namespace LlamaSpec.Policies.Auto;

/// <summary>
/// Acceptance probability by entropy bin, learned from observations, and never rising with the entropy: bins that
/// contradict their neighbours are pooled (isotonic regression), so that a few lucky tokens turn nothing around.
/// </summary>
internal sealed class BinnedAcceptance
{
    // 0.995: some hundred observations a bin, as in the algorithm notes; 4: a prior that a handful of tokens overrules.
    private const double Keep = 0.995;
    private const double PriorWeight = 4;

    private readonly DecayedMean[] _bins = new DecayedMean[EntropyBins.Count];
    private readonly double[] _estimates = new double[EntropyBins.Count];
    private readonly double[] _weights = new double[EntropyBins.Count];

    public void Add(int bin, double acceptance) => _bins[bin].Add(acceptance, Keep);

    /// <summary>The estimate of one bin.</summary>
    /// <param name="bin">The bin.</param>
    /// <param name="prior">What to expect of every bin without observations.</param>
    public double Estimate(int bin, double prior)
    {
        Span<double> priors = stackalloc double[EntropyBins.Count];
        priors.Fill(prior);
        return Estimate(bin, priors);
    }

    /// <summary>The estimate of one bin.</summary>
    /// <param name="bin">The bin.</param>
    /// <param name="priors">What to expect of each bin without observations, not rising.</param>
    public double Estimate(int bin, ReadOnlySpan<double> priors)
    {
        // Pool adjacent violators; blocks are kept as (estimate, weight) with their bins counted from the front.
        Span<int> lengths = stackalloc int[EntropyBins.Count];
        var blocks = 0;
        for (var i = 0; i < EntropyBins.Count; i++)
        {
            _estimates[blocks] = _bins[i].Estimate(priors[i], PriorWeight);
            _weights[blocks] = _bins[i].Weight + PriorWeight;
            lengths[blocks] = 1;
            while (blocks > 0 && _estimates[blocks] > _estimates[blocks - 1])
            {
                var weight = _weights[blocks - 1] + _weights[blocks];
                _estimates[blocks - 1] = ((_estimates[blocks - 1] * _weights[blocks - 1]) + (_estimates[blocks] * _weights[blocks])) / weight;
                _weights[blocks - 1] = weight;
                lengths[blocks - 1] += lengths[blocks];
                blocks--;
            }

            blocks++;
        }

        var block = 0;
        for (var end = lengths[0]; end <= bin; end += lengths[block])
        {
            block++;
        }

        return _estimates[block];
    }

    /// <summary>Forgets every observation.</summary>
    public void Clear() => Array.Clear(_bins);

    public void Save(BinaryWriter writer)
    {
        foreach (var bin in _bins)
        {
            bin.Save(writer);
        }
    }

    public void Load(BinaryReader reader)
    {
        for (var i = 0; i < _bins.Length; i++)
        {
            _bins[i] = DecayedMean.Load(reader);
        }
    }
}
