using System.Diagnostics;
using LlamaSpec.Sampling;

namespace LlamaSpec.Verification;

/// <summary>
/// Token-level verification of a chain (arXiv 2211.17192, 2302.01318): each drafted token is accepted with probability
/// min(1, target / draft); the first rejection emits from the residual distribution. The committed tokens have exactly
/// the target's distribution.
/// </summary>
public static class ChainVerifier
{
    /// <summary>Verifies one chain.</summary>
    /// <param name="drafted">The drafted tokens x_1..x_k.</param>
    /// <param name="draft">The distributions that they were drawn from, k of them.</param>
    /// <param name="target">The target's distributions at the same positions and one more, k + 1 of them.</param>
    /// <param name="residual">Scratch, overwritten.</param>
    /// <param name="kernels">Row arithmetic.</param>
    /// <param name="draws">Source of chance.</param>
    public static Acceptance Verify<TDraws>(
        ReadOnlySpan<int> drafted,
        ReadOnlySpan<TokenDistribution> draft,
        ReadOnlySpan<TokenDistribution> target,
        TokenDistribution residual,
        IKernels kernels,
        ref TDraws draws)
        where TDraws : IVerificationDraws
    {
        Debug.Assert(draft.Length == drafted.Length, "Every drafted token has the distribution it was drawn from.");
        Debug.Assert(target.Length == drafted.Length + 1, "The target has a row for every drafted token and one for the bonus token.");
        for (var i = 0; i < drafted.Length; i++)
        {
            var token = drafted[i];
            if (!draws.Accept(i, target[i][token], draft[i][token]))
            {
                return Correct(i, draft, target, residual, kernels, ref draws);
            }
        }

        return new Acceptance(drafted.Length, draws.Sample(drafted.Length, target[drafted.Length]), NextTokenKind.Bonus);
    }

    /// <summary>Emits from the residual max(target - draft, 0) after <paramref name="accepted"/> tokens.</summary>
    internal static Acceptance Correct<TDraws>(
        int accepted,
        ReadOnlySpan<TokenDistribution> draft,
        ReadOnlySpan<TokenDistribution> target,
        TokenDistribution residual,
        IKernels kernels,
        ref TDraws draws)
        where TDraws : IVerificationDraws
    {
        var mass = ResidualDistribution.Compute(target[accepted], 1, draft[accepted], residual, kernels);
        return Emit(accepted, mass, target, residual, ref draws);
    }

    /// <summary>Emits from a residual of the given mass after <paramref name="accepted"/> tokens.</summary>
    internal static Acceptance Emit<TDraws>(
        int accepted, double mass, ReadOnlySpan<TokenDistribution> target, TokenDistribution residual, ref TDraws draws)
        where TDraws : IVerificationDraws =>
        mass < ResidualDistribution.SmallestMass
            ? new Acceptance(accepted, draws.Sample(accepted, target[accepted]), NextTokenKind.Fallback)
            : new Acceptance(accepted, draws.Sample(accepted, residual), NextTokenKind.Correction);
}
