namespace LlamaSpec.Policies.Auto;

/// <summary>
/// Calibrated acceptance probabilities of a pair, for one way of sampling: before a pass, from what is known then (the target's
/// last entropy and the round before, or the entropy of the last drafted token), and after it, from the entropy of the
/// distribution itself. Positions count up to the first rejection only; what follows was never tested.
/// </summary>
internal sealed class AcceptanceEstimator
{
    private const int PositionClasses = 3;
    private const int PreviousRounds = 4;
    private const double Keep = 0.995;

    // Before anything is seen: a usable draft is accepted about half of the time, and a handful of tokens overrules it.
    private const double PriorAcceptance = 0.55;
    private const double PriorWeight = 4;

    private readonly BinnedAcceptance[] _first = Create(PreviousRounds);
    private readonly BinnedAcceptance[] _next = Create(PositionClasses);
    private readonly BinnedAcceptance[] _known = Create(PositionClasses);
    private readonly BinnedAcceptance _predicted = new();
    private DecayedMean _firstMean;
    private DecayedMean _nextMean;
    private DecayedMean _seen;
    private DecayedMean _bound;

    /// <summary>Acceptance probability of the first token of a draft, before its pass.</summary>
    /// <param name="targetEntropy">Entropy of the target's distribution that the anchor token came from, in nats.</param>
    /// <param name="previous">How the round before ended.</param>
    public double BeforeFirstPass(double targetEntropy, PreviousRound previous) => _first[(int)previous].Estimate(EntropyBins.Of(targetEntropy), First);

    /// <summary>Acceptance probability of the first token of a draft, from a length that was predicted for it.</summary>
    /// <param name="predictedLength">By the pair's trained predictor.</param>
    public double WithPrediction(double predictedLength) => _predicted.Estimate(PredictionBin(predictedLength), First);

    /// <summary>Acceptance probability of the token after the last drafted one, should that be accepted, before its pass.</summary>
    /// <param name="lastEntropy">Entropy of the distribution that the last drafted token came from, in nats.</param>
    /// <param name="position">Index of the token in the draft, at least 1.</param>
    public double BeforeNextPass(double lastEntropy, int position) => _next[PositionClass(position)].Estimate(EntropyBins.Of(lastEntropy), FurtherAhead);

    /// <summary>Acceptance probability of a token further ahead, of which nothing is known yet.</summary>
    public double FurtherAhead => _nextMean.Estimate(First, PriorWeight);

    private double First => _firstMean.Estimate(PriorAcceptance, PriorWeight);

    /// <summary>Acceptance probability of a token of a known draft distribution.</summary>
    /// <param name="entropy">Its entropy, in nats.</param>
    /// <param name="position">Index of the token in the draft.</param>
    public double AfterPass(double entropy, int position)
    {
        // AdaEDL's bound, scaled to what this pair has shown so far.
        var scale = _seen.Estimate(PriorAcceptance, PriorWeight) / _bound.Estimate(PriorAcceptance, PriorWeight);
        Span<double> priors = stackalloc double[EntropyBins.Count];
        for (var bin = 0; bin < priors.Length; bin++)
        {
            priors[bin] = Math.Min(1, scale * EntropyBins.Bound(bin));
        }

        return _known[PositionClass(position)].Estimate(EntropyBins.Of(entropy), priors);
    }

    /// <summary>Learns what became of the first token of a draft, or what was expected of it when it was not drawn.</summary>
    public void AddFirst(double targetEntropy, PreviousRound previous, double acceptance)
    {
        _first[(int)previous].Add(EntropyBins.Of(targetEntropy), acceptance);
        _firstMean.Add(acceptance, Keep);
    }

    /// <summary>Learns what a predicted length was worth.</summary>
    public void AddPredicted(double predictedLength, double acceptance) => _predicted.Add(PredictionBin(predictedLength), acceptance);

    /// <summary>Learns what became of a later token, all before it being accepted, or what was expected of it when it was not drawn.</summary>
    public void AddNext(double lastEntropy, int position, double acceptance)
    {
        _next[PositionClass(position)].Add(EntropyBins.Of(lastEntropy), acceptance);
        _nextMean.Add(acceptance, Keep);
    }

    /// <summary>Learns what became of a token of a known draft distribution.</summary>
    public void AddKnown(double entropy, int position, double acceptance)
    {
        var bin = EntropyBins.Of(entropy);
        _known[PositionClass(position)].Add(bin, acceptance);
        _seen.Add(acceptance, Keep);
        _bound.Add(EntropyBins.Bound(bin), Keep);
    }

    public void Save(BinaryWriter writer)
    {
        foreach (var table in (BinnedAcceptance[])[.. _first, .. _next, .. _known, _predicted])
        {
            table.Save(writer);
        }

        foreach (var mean in (DecayedMean[])[_firstMean, _nextMean, _seen, _bound])
        {
            mean.Save(writer);
        }
    }

    public void Load(BinaryReader reader)
    {
        foreach (var table in (BinnedAcceptance[])[.. _first, .. _next, .. _known, _predicted])
        {
            table.Load(reader);
        }

        _firstMean = DecayedMean.Load(reader);
        _nextMean = DecayedMean.Load(reader);
        _seen = DecayedMean.Load(reader);
        _bound = DecayedMean.Load(reader);
    }

    // 1, 2-3, 4 and more, counted from 1.
    private static int PositionClass(int position) => position switch { 0 => 0, 1 or 2 => 1, _ => 2 };

    // The longer, the lower the bin: bins are for what acceptance falls with. Half tokens, because most lengths are short.
    private static int PredictionBin(double length) => EntropyBins.Count - 1 - (int)Math.Clamp(Math.Round(2 * length), 0, EntropyBins.Count - 1);

    private static BinnedAcceptance[] Create(int count) => [.. Enumerable.Range(0, count).Select(static _ => new BinnedAcceptance())];
}
