using LlamaSpec.Policies.Ldlp;
using LlamaSpec.Sampling;

namespace LlamaSpec.Policies;

/// <summary>
/// AdaEAGLE (arXiv 2412.18910): the length is predicted before drafting, from the anchor token and the target's hidden row. With
/// the threshold, the draft goes on beyond the predicted length while its cumulative probability is high (AdaEAGLE-DDD).
/// </summary>
/// <param name="predictor">The trained predictor; null = nothing is drafted.</param>
/// <param name="usesThreshold">Whether to stop only when the draft has also become improbable.</param>
public sealed class LdlpPolicy(LdlpPredictor? predictor, bool usesThreshold = false) : IDraftLengthPolicy
{
    // The round that ends a prompt gives no hidden row: one token is what nearly every draft is good for.
    private const double LengthWithoutPrediction = 1;

    /// <summary>The length predicted for the next round, before it is rounded.</summary>
    public double PredictedLength { get; private set; } = LengthWithoutPrediction;

    /// <inheritdoc />
    public PolicyNeeds Needs => predictor is null ? PolicyNeeds.None : PolicyNeeds.HiddenRow;

    /// <inheritdoc />
    public RoundExplanation Explanation => new("the predicted length", PredictedLength);

    /// <inheritdoc />
    public string? DisabledReason => predictor is null
        ? "the policy needs a trained draft-length predictor, and this pair has none: llamaspec train-ldlp makes one"
        : null;

    /// <inheritdoc />
    public bool BeforePass(in DraftProgress progress)
    {
        var isWithinPrediction = progress.DraftedCount < Math.Round(PredictedLength);
        var isStillProbable = usesThreshold && progress.LogProbability >= ProductPolicy.DefaultLogThreshold;
        return predictor is not null && (isWithinPrediction || isStillProbable);
    }

    /// <inheritdoc />
    public bool BeforeSampling(in DraftProgress progress, in RowStatistics distribution) => true;

    /// <inheritdoc />
    public void Observe(in RoundOutcome outcome) =>
        PredictedLength = predictor is null || outcome.HiddenRow.IsEmpty || outcome.AnchorToken < 0
            ? LengthWithoutPrediction
            : predictor.Predict(outcome.AnchorToken, outcome.HiddenRow.Span);
}
