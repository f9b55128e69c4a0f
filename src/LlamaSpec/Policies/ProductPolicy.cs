using LlamaSpec.Sampling;

namespace LlamaSpec.Policies;

/// <summary>Stop when the product of the drafted tokens' probabilities falls below a threshold.</summary>
/// <param name="logThreshold">Natural logarithm of the least product that lets the draft go on.</param>
public sealed class ProductPolicy(double logThreshold = ProductPolicy.DefaultLogThreshold) : IDraftLengthPolicy
{
    /// <summary>Logarithm of the threshold, unless another is given; insensitive from -0.2 to -1.0 (arXiv 2412.18910, section 4).</summary>
    public const double DefaultLogThreshold = -0.6;

    /// <inheritdoc />
    public bool BeforePass(in DraftProgress progress) => progress.DraftedCount == 0 || progress.LogProbability >= logThreshold;

    /// <inheritdoc />
    public bool BeforeSampling(in DraftProgress progress, in RowStatistics distribution) => true;

    /// <inheritdoc />
    public void Observe(in RoundOutcome outcome)
    {
    }
}
