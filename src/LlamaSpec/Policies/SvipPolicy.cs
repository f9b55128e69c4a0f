using LlamaSpec.Sampling;

namespace LlamaSpec.Policies;

/// <summary>SVIP (arXiv 2411.18462): include a token, then stop when the square root of its distribution's entropy is above a threshold.</summary>
/// <param name="threshold">Largest square root of an entropy in nats that lets the draft go on.</param>
public sealed class SvipPolicy(double threshold = SvipPolicy.DefaultThreshold) : IDraftLengthPolicy
{
    /// <summary>Threshold, unless another is given (section 4 of the paper).</summary>
    public const double DefaultThreshold = 0.45;

    /// <inheritdoc />
    public bool BeforePass(in DraftProgress progress) => progress.DraftedCount == 0 || Math.Sqrt(Math.Max(progress.LastEntropy, 0)) <= threshold;

    /// <inheritdoc />
    public bool BeforeSampling(in DraftProgress progress, in RowStatistics distribution) => true;

    /// <inheritdoc />
    public void Observe(in RoundOutcome outcome)
    {
    }
}
