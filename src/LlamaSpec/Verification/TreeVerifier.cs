using LlamaSpec.Drafting;
using LlamaSpec.Sampling;

namespace LlamaSpec.Verification;

/// <summary>Gives the target's distribution at a node of a tree, when verification gets there.</summary>
public interface ITargetRows
{
    /// <summary>The distribution after a node, the anchor token being -1. Valid until the next call.</summary>
    TokenDistribution At(int node);
}

/// <summary>
/// Verification of a tree from the anchor token down, one node after the other. At each node its sampled children are tested in
/// the order in which they were drawn, each against what the rejections before it left of the target; what is left then draws
/// a token, and a certain child that has it is accepted.
/// <para>
/// With one certain child and more this is sample-and-match; with certain children and one sampled child the hybrid node; with
/// sampled children alone the rule for drawing without replacement (arXiv 2402.12374); for a sampled chain token-level
/// verification. Exact for all of them (algorithm notes, section 2.4).
/// </para>
/// </summary>
public static class TreeVerifier
{
    /// <summary>Verifies one tree.</summary>
    /// <param name="tree">The tree. Proposals of visited nodes are used up: tested tokens lose their weight.</param>
    /// <param name="rows">The target's distributions.</param>
    /// <param name="scratch">Two distributions, overwritten.</param>
    /// <param name="kernels">Row arithmetic.</param>
    /// <param name="draws">Source of chance: tests are keyed by the tested node, draws by the node after which they are made, plus 1.</param>
    public static Acceptance Verify<TRows, TDraws>(
        TokenTree tree, ref TRows rows, (TokenDistribution First, TokenDistribution Second) scratch, IKernels kernels, ref TDraws draws)
        where TRows : ITargetRows, allows ref struct
        where TDraws : IVerificationDraws
    {
        ArgumentNullException.ThrowIfNull(tree);
        var node = TokenTree.Anchor;
        var accepted = 0;
        while (true)
        {
            var child = Step(tree, node, rows.At(node), scratch, kernels, ref draws, out var token, out var kind);
            if (child < 0)
            {
                return new Acceptance(accepted, token, kind, node);
            }

            node = child;
            accepted++;
        }
    }

    // Returns the accepted child of a node; or -1 and the token that ends the round.
    private static int Step<TDraws>(
        TokenTree tree, int node, TokenDistribution target, (TokenDistribution First, TokenDistribution Second) scratch, IKernels kernels,
        ref TDraws draws, out int token, out NextTokenKind kind)
        where TDraws : IVerificationDraws
    {
        // What is left of the target is "left / mass"; what is left of the proposal is "proposal / proposalMass".
        var left = target;
        var mass = 1.0;
        var hasRejected = false;
        token = -1;
        kind = tree.FirstChild(node) < 0 ? NextTokenKind.Bonus : NextTokenKind.Correction;
        for (var child = tree.FirstChild(node); child >= 0; child = tree.NextSibling(child))
        {
            if (tree.IsSampled[child] == 0)
            {
                continue;
            }

            var proposal = tree.Proposal(node);
            var drawn = tree.Tokens[child];

            // Summed, as 1 less the tested tokens would be rounding noise where those had nearly everything.
            var proposalMass = hasRejected ? proposal.Mass() : 1;
            if (draws.Accept(child, left[drawn] * proposalMass, proposal[drawn] * mass))
            {
                return child;
            }

            var residual = ReferenceEquals(left, scratch.First) ? scratch.Second : scratch.First;
            var residualMass = ResidualDistribution.Compute(left, proposalMass / mass, proposal, residual, kernels);
            if (residualMass < ResidualDistribution.SmallestMass * proposalMass)
            {
                kind = NextTokenKind.Fallback;
                break;
            }

            // Without replacement: the next draw was made from what this one left.
            proposal.Remove(drawn);
            (left, mass, hasRejected) = (residual, residualMass, true);
        }

        token = draws.Sample(node + 1, left);
        return tree.CertainChild(node, token);
    }
}
