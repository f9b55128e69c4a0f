using LlamaSpec.Sampling;

namespace LlamaSpec.Verification;

/// <summary>max(scale * target - draft, 0), not normalised.</summary>
internal static class ResidualDistribution
{
    /// <summary>
    /// Below this mass the residual is rounding noise of float32 probabilities, and the target is sampled instead
    /// (algorithm notes 2.5). It can only be reached with a probability of about the same size.
    /// </summary>
    public const double SmallestMass = 1e-7;

    /// <summary>Overwrites <paramref name="residual"/> and returns its mass, summed in float64.</summary>
    public static double Compute(TokenDistribution target, double targetScale, TokenDistribution draft, TokenDistribution residual, IKernels kernels)
    {
        residual.Clear();
        if (target.IsDense)
        {
            return kernels.Residual(target.Weights, targetScale, draft.Weights, residual.OverwriteAll());
        }

        var mass = 0.0;
        foreach (var token in target.Support)
        {
            var weight = (targetScale * target[token]) - draft[token];
            if (weight > 0)
            {
                residual.Add(token, (float)weight);
                mass += weight;
            }
        }

        return mass;
    }
}
