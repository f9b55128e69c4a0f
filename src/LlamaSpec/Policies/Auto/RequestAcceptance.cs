using LlamaSpec.Policies.Ldlp;

namespace LlamaSpec.Policies.Auto;

/// <summary>
/// Acceptance as one request sees it: the pair's calibrated probabilities, scaled by how the request's own text has done
/// against them, and what is known at this point of the round.
/// </summary>
/// <param name="learned">What the pair has taught.</param>
/// <param name="maximumDraftLength">Longest draft of the engine.</param>
/// <param name="predictor">A trained predictor that is worth asking; null = none.</param>
internal sealed class RequestAcceptance(AcceptanceEstimator learned, int maximumDraftLength, LdlpPredictor? predictor = null)
{
    // The own text counts from some tokens on, and what lies some thirty tokens back is forgotten.
    private const double PriorTokens = 16;
    private const double Keep = 0.97;

    private const double LargestPredictorShare = 0.01;

    private readonly double[] _entropies = new double[maximumDraftLength];
    private readonly double[] _expected = new double[maximumDraftLength];
    private int _knownCount;
    private double _targetEntropy;
    private PreviousRound _previous;
    private double _predictedLength = double.NaN;
    private double _accepted;
    private double _expectedAccepted;

    /// <summary>Of the first token, before its pass. Two estimates of one probability from different signs: their mean.</summary>
    public double First
    {
        get
        {
            var acceptance = learned.BeforeFirstPass(_targetEntropy, _previous);
            return Scale(double.IsNaN(_predictedLength) ? acceptance : (acceptance + learned.WithPrediction(_predictedLength)) / 2);
        }
    }

    /// <summary>Of tokens of which nothing is known yet.</summary>
    public double FurtherAhead => Scale(learned.FurtherAhead);

    /// <summary>A hint before the first pass, for no more than a hundredth of a plain round: a small target is faster than its predictor.</summary>
    public static LdlpPredictor? WorthAsking(LdlpPredictor? predictor, double plainMilliseconds) =>
        predictor is not null && predictor.EstimatedMilliseconds <= LargestPredictorShare * plainMilliseconds ? predictor : null;

    /// <summary>Starts a round.</summary>
    public void Begin() => _knownCount = 0;

    /// <summary>Of the token at an index of at least 1, before its pass.</summary>
    public double Next(double lastEntropy, int index) => Scale(learned.BeforeNextPass(lastEntropy, index));

    /// <summary>Of a token at an index whose distribution a pass gave. Kept for <see cref="Learn"/>.</summary>
    public double Known(double entropy, int index)
    {
        _entropies[index] = entropy;
        _expected[index] = Scale(learned.AfterPass(entropy, index));
        _knownCount = index + 1;
        return _expected[index];
    }

    /// <summary>Learns what became of the round.</summary>
    public void Learn(in RoundOutcome outcome)
    {
        var seen = outcome.AcceptanceProbabilities.Span;
        for (var i = 0; i < Math.Min(seen.Length, _knownCount); i++)
        {
            learned.AddKnown(_entropies[i], i, seen[i]);
            LearnBeforePass(i, seen[i]);
            _accepted = (_accepted * Keep) + seen[i];
            _expectedAccepted = (_expectedAccepted * Keep) + learned.AfterPass(_entropies[i], i);
        }

        // Text that is written without drafts lets the drafts before it recede all the same.
        if (seen.IsEmpty)
        {
            _accepted *= Keep;
            _expectedAccepted *= Keep;
        }

        // A distribution that was not drawn from still tells what passes find: without it only the good ones would count.
        var dropped = outcome.DraftedCount;
        if (_knownCount > dropped && outcome.AcceptedCount == dropped)
        {
            LearnBeforePass(dropped, _expected[dropped]);
        }

        _targetEntropy = outcome.TargetEntropy;
        _previous = outcome.DraftedCount == 0 || !outcome.UsedModel ? PreviousRound.Plain
            : outcome.AcceptedCount == outcome.DraftedCount ? PreviousRound.Accepted
            : outcome.AcceptedCount == 0 ? PreviousRound.Rejected : PreviousRound.Partly;
        _predictedLength = predictor is null || outcome.HiddenRow.IsEmpty || outcome.AnchorToken < 0
            ? double.NaN
            : predictor.Predict(outcome.AnchorToken, outcome.HiddenRow.Span);
        _knownCount = 0;
    }

    private void LearnBeforePass(int index, double acceptance)
    {
        if (index == 0)
        {
            learned.AddFirst(_targetEntropy, _previous, acceptance);
            if (!double.IsNaN(_predictedLength))
            {
                learned.AddPredicted(_predictedLength, acceptance);
            }
        }
        else
        {
            learned.AddNext(_entropies[index - 1], index, acceptance);
        }
    }

    private double Scale(double probability) =>
        Math.Min(1, probability * (_accepted + PriorTokens) / (_expectedAccepted + PriorTokens));
}
