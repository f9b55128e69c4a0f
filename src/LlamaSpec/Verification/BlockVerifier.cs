using System.Diagnostics;
using LlamaSpec.Sampling;

namespace LlamaSpec.Verification;

/// <summary>
/// Block verification of a chain (arXiv 2403.10444): the whole block is judged jointly, so that a token which is unlikely
/// on its own can be carried by its neighbours. Exact like <see cref="ChainVerifier"/>, and never shorter in expectation.
/// </summary>
public static class BlockVerifier
{
    /// <summary>Longest chain: the running products live on the stack.</summary>
    public const int MaximumLength = 64;

    /// <summary>Verifies one chain. Parameters as in <see cref="ChainVerifier.Verify"/>.</summary>
    public static Acceptance Verify<TDraws>(
        ReadOnlySpan<int> drafted,
        ReadOnlySpan<TokenDistribution> draft,
        ReadOnlySpan<TokenDistribution> target,
        TokenDistribution residual,
        IKernels kernels,
        ref TDraws draws)
        where TDraws : IVerificationDraws
    {
        Debug.Assert(drafted.Length <= MaximumLength, "The engine limits the draft length.");
        Debug.Assert(draft.Length == drafted.Length, "Every drafted token has the distribution it was drawn from.");
        Debug.Assert(target.Length == drafted.Length + 1, "The target has a row for every drafted token and one for the bonus token.");

        // survival[i] is P_i of the paper: how much of the target's probability the first i tokens still cover.
        var length = drafted.Length;
        Span<double> survival = stackalloc double[MaximumLength + 1];
        survival[0] = 1;
        for (var i = 0; i < length; i++)
        {
            var token = drafted[i];
            survival[i + 1] = Math.Min(1, survival[i] * target[i][token] / draft[i][token]);
        }

        // The largest prefix that passes its own test wins, so test from the longest down.
        for (var accepted = length; accepted > 0; accepted--)
        {
            if (accepted == length)
            {
                if (draws.Accept(accepted - 1, survival[length], 1))
                {
                    return new Acceptance(length, draws.Sample(length, target[length]), NextTokenKind.Bonus);
                }

                continue;
            }

            var mass = ResidualDistribution.Compute(target[accepted], survival[accepted], draft[accepted], residual, kernels);
            var denominator = mass + 1 - survival[accepted];
            if (denominator <= 0 || draws.Accept(accepted - 1, mass, denominator))
            {
                return ChainVerifier.Emit(accepted, mass, target, residual, ref draws);
            }
        }

        return length == 0
            ? new Acceptance(0, draws.Sample(0, target[0]), NextTokenKind.Bonus)
            : ChainVerifier.Correct(0, draft, target, residual, kernels, ref draws);
    }
}
