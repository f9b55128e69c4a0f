using System.Diagnostics;
using LlamaSpec.Drafting;
using LlamaSpec.Sampling;

namespace LlamaSpec.Verification;

/// <summary>
/// Traversal verification (arXiv 2505.12398): from the leaves up. A leaf is accepted with all of its path, or deleted; what a
/// deletion leaves of the target goes to its parent, which is a leaf when its last child is gone. So a token that is unlikely on
/// its own can be carried by what follows it, as in <see cref="BlockVerifier"/>, which this is for a chain.
/// <para>
/// For trees whose nodes are all sampled, the children of a node without replacement from its proposal. A certain child has no
/// place here: it was not drawn, and deleting it would tell nothing about the target. For trees with certain nodes there is
/// <see cref="TreeVerifier"/>, which also needs the target's distributions of visited nodes only, not of all.
/// </para>
/// </summary>
public static class TraversalVerifier
{
    /// <summary>Most nodes of a tree: what is known about them lives on the stack.</summary>
    public const int MaximumNodeCount = 64;

    /// <summary>Verifies one tree.</summary>
    /// <param name="tree">The tree. Its proposals are used up: deleted tokens lose their weight.</param>
    /// <param name="target">
    /// The target's distributions: the anchor token's, one for each node, and one more as scratch. They are overwritten and
    /// change places.
    /// </param>
    /// <param name="kernels">Row arithmetic.</param>
    /// <param name="draws">Source of chance: tests are keyed by the tested node, the draw by the last accepted node, plus 1.</param>
    public static Acceptance Verify<TDraws>(TokenTree tree, Span<TokenDistribution> target, IKernels kernels, ref TDraws draws)
        where TDraws : IVerificationDraws
    {
        ArgumentNullException.ThrowIfNull(tree);
        Debug.Assert(tree.Count <= MaximumNodeCount, "The engine limits the tree.");
        Debug.Assert(tree.SampledCount == tree.Count, "A certain node was not drawn from the proposal.");
        Debug.Assert(target.Length == tree.Count + 2, "The target has a row for the anchor token and every node, and there is scratch.");
        Span<State> states = stackalloc State[MaximumNodeCount + 1];
        states[0] = new State(tree, TokenTree.Anchor, 1);
        var node = TokenTree.Anchor;
        while (true)
        {
            // Nothing below a node of survival 0 can be accepted.
            ref var state = ref states[node + 1];
            if (state.Child >= 0 && state.Survival > 0)
            {
                var child = state.Child;
                states[child + 1] = new State(tree, child, state.SurvivalOf(tree.Tokens[child], target[node + 1], tree.Proposal(node)));
                node = child;
            }
            else if (node < 0 || draws.Accept(node, state.Survival, 1))
            {
                var accepted = node < 0 ? 0 : tree.Depths[node] + 1;
                return new Acceptance(accepted, draws.Sample(node + 1, target[node + 1]), state.Kind, node);
            }
            else
            {
                Delete(tree, node, target, states, kernels);
                node = tree.Parents[node];
            }
        }
    }

    private static void Delete(TokenTree tree, int node, Span<TokenDistribution> target, Span<State> states, IKernels kernels)
    {
        var parent = tree.Parents[node];
        ref var state = ref states[parent + 1];
        ref var left = ref target[parent + 1];
        ref var residual = ref target[^1];
        var proposal = tree.Proposal(parent);
        var scale = state.Survival * state.ProposalMass / state.TargetMass;
        var residualMass = ResidualDistribution.Compute(left, scale, proposal, residual, kernels);
        var remainder = residualMass / state.ProposalMass;
        var denominator = remainder + (1 - state.Survival);
        state.Survival = denominator <= 0 ? 1 : remainder / denominator;
        if (remainder < ResidualDistribution.SmallestMass)
        {
            state.Child = -1;
            state.Kind = NextTokenKind.Fallback;
            return;
        }

        (left, residual) = (residual, left);
        state.TargetMass = residualMass;
        state.Child = tree.NextSibling(node);
        if (state.Child >= 0)
        {
            // Summed, as 1 less the deleted tokens would be rounding noise where those had nearly everything.
            proposal.Remove(tree.Tokens[node]);
            state.ProposalMass = proposal.Mass();
        }
    }

    // What is left of a node: its target is "target / TargetMass", its proposal "proposal / ProposalMass".
    private struct State(TokenTree tree, int node, double survival)
    {
        /// <summary>The a(v) of the paper: how much of the target's probability of the path is still to be covered.</summary>
        public double Survival = survival;
        public double TargetMass = 1;
        public double ProposalMass = 1;

        /// <summary>The first child that is not deleted; -1 = none.</summary>
        public int Child = tree.FirstChild(node);
        public NextTokenKind Kind = tree.FirstChild(node) < 0 ? NextTokenKind.Bonus : NextTokenKind.Correction;

        public readonly double SurvivalOf(int token, TokenDistribution target, TokenDistribution proposal) =>
            Math.Min(1, Survival * target[token] * ProposalMass / (proposal[token] * TargetMass));
    }
}
