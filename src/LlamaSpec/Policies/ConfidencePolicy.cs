using LlamaSpec.Sampling;

namespace LlamaSpec.Policies;

/// <summary>
/// Stop after a token whose own draft probability is below a threshold: Hugging Face's assistant confidence, the simplest form
/// of DISCO (arXiv 2405.04304). The token itself stays, because a drawn token must not be dropped.
/// </summary>
/// <param name="threshold">Least draft probability that lets the draft go on.</param>
public sealed class ConfidencePolicy(double threshold = ConfidencePolicy.DefaultThreshold) : IDraftLengthPolicy
{
    /// <summary>Threshold, unless another is given: Hugging Face's default.</summary>
    public const double DefaultThreshold = 0.4;

    /// <inheritdoc />
    public bool BeforePass(in DraftProgress progress) => progress.DraftedCount == 0 || progress.LastProbability >= threshold;

    /// <inheritdoc />
    public bool BeforeSampling(in DraftProgress progress, in RowStatistics distribution) => true;

    /// <inheritdoc />
    public void Observe(in RoundOutcome outcome)
    {
    }
}
