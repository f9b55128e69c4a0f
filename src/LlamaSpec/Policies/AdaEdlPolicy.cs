using LlamaSpec.Sampling;

namespace LlamaSpec.Policies;

/// <summary>
/// AdaEDL (arXiv 2410.18351): stop when 1 - sqrt(gamma * entropy), a lower bound of the acceptance probability,
/// falls below a threshold that follows the observed acceptance rate. The first token is always drafted.
/// </summary>
/// <param name="initialThreshold">Threshold at the start of a request; the step is so small that it dominates short texts. Swept from 0.3 to 0.9 in practice.</param>
public sealed class AdaEdlPolicy(double initialThreshold = AdaEdlPolicy.DefaultThreshold) : IDraftLengthPolicy
{
    /// <summary>Threshold at the start of a request, unless another is given.</summary>
    public const double DefaultThreshold = 0.4;

    // Constants of the paper, section 3.
    private const double Gamma = 0.2;
    private const double TargetAcceptanceRate = 0.9;
    private const double AcceptanceRateDecay = 0.5;
    private const double ThresholdStep = 0.01;
    private const double ThresholdDecay = 0.9;

    private double _acceptanceRate = TargetAcceptanceRate;

    /// <summary>The threshold as it stands.</summary>
    public double Threshold { get; private set; } = initialThreshold;

    /// <summary>The estimate 1 - sqrt(gamma * entropy), clamped to [0, 1].</summary>
    /// <param name="entropy">Entropy of the draft distribution over the whole vocabulary, in nats.</param>
    public static double AcceptanceBound(double entropy) => Math.Clamp(1 - Math.Sqrt(Gamma * Math.Max(entropy, 0)), 0, 1);

    /// <inheritdoc />
    public bool BeforePass(in DraftProgress progress) => true;

    /// <inheritdoc />
    public bool BeforeSampling(in DraftProgress progress, in RowStatistics distribution) =>
        progress.DraftedCount == 0 || AcceptanceBound(distribution.Entropy) >= Threshold;

    /// <inheritdoc />
    public void Observe(in RoundOutcome outcome)
    {
        if (outcome.DraftedCount == 0)
        {
            return;
        }

        var observed = (double)outcome.AcceptedCount / outcome.DraftedCount;
        _acceptanceRate = (AcceptanceRateDecay * _acceptanceRate) + ((1 - AcceptanceRateDecay) * observed);

        // Clamped, because a long run of rejections would otherwise take as long to be forgotten.
        Threshold = Math.Clamp((ThresholdDecay * Threshold) + ((1 - ThresholdDecay) * MovedThreshold(outcome)), 0, 1);
    }

    private double MovedThreshold(in RoundOutcome outcome)
    {
        if (_acceptanceRate < TargetAcceptanceRate)
        {
            return Threshold + ThresholdStep;
        }

        return outcome.AcceptedCount != outcome.MaximumLength ? Threshold - ThresholdStep : Threshold;
    }
}
