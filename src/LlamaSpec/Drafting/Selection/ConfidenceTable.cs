using LlamaSpec.Policies.Auto;

namespace LlamaSpec.Drafting.Selection;

/// <summary>
/// What a model-free drafter's confidence is worth: acceptance probability by bins of it, learned in the shadow, and never
/// falling with the confidence.
/// </summary>
internal sealed class ConfidenceTable
{
    // Until something is seen: copied text goes on about as often as the drafter thinks, less a caution.
    private const double PriorShare = 0.7;

    private readonly BinnedAcceptance _bins = new();
    private readonly double[] _estimates = new double[EntropyBins.Count];
    private bool _isStale = true;

    /// <summary>Acceptance probability of a node, its parent being accepted.</summary>
    public double Acceptance(float confidence)
    {
        if (_isStale)
        {
            Span<double> priors = stackalloc double[EntropyBins.Count];
            for (var bin = 0; bin < priors.Length; bin++)
            {
                priors[bin] = PriorShare * (1 - ((bin + 0.5) / priors.Length));
            }

            for (var bin = 0; bin < priors.Length; bin++)
            {
                _estimates[bin] = _bins.Estimate(bin, priors);
            }

            _isStale = false;
        }

        return _estimates[BinOf(confidence)];
    }

    /// <summary>Learns whether a node's token came, its parent's having come.</summary>
    public void Add(float confidence, bool isAccepted)
    {
        _bins.Add(BinOf(confidence), isAccepted ? 1 : 0);
        _isStale = true;
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        _bins.Clear();
        _isStale = true;
    }

    // The surer, the lower the bin: bins are for what acceptance falls with. Finer where drafts are decided, near certainty.
    private static int BinOf(float confidence)
    {
        var doubt = Math.Clamp(1 - confidence, 0, 1);
        return Math.Min((int)(Math.Sqrt(doubt) * EntropyBins.Count), EntropyBins.Count - 1);
    }
}
