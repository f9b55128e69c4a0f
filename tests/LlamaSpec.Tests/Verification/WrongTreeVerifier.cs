using LlamaSpec.Drafting;
using LlamaSpec.Verification;

namespace LlamaSpec.Tests.Verification;

/// <summary>A mistake inside a tree verifier, which no wrapper around the right one can make.</summary>
internal enum Mistake
{
    None,
    TestedTokenKeepsItsDraftProbability,
    RejectionLeavesTheTargetAsItIs,
    DeletionDividesByOneLessTheDraftProbability,
    DeletionForgetsThePathAbove,
}

/// <summary>The two rules for sampled trees once more, in plain float64 arrays, with one mistake in them or none.</summary>
internal sealed class WrongTreeVerifier(Mistake mistake, TreeEnumeration models, TokenTree tree, BranchingDraws draws)
{
    private readonly double[][] _left = [.. Enumerable.Range(-1, tree.Count + 1).Select(node => models.TargetRow(models.Key(tree, node)))];
    private readonly double[][] _proposal = [.. Enumerable.Range(-1, tree.Count + 1).Select(node => tree.FirstChild(node) < 0 ? [] : Doubles(tree, node))];
    private readonly double[] _survival = [.. Enumerable.Repeat(1.0, tree.Count + 1)];
    private readonly bool[] _isDeleted = new bool[tree.Count];

    public static TreeRule Walk(Mistake mistake) => (models, tree, draws) =>
    {
        var verifier = new WrongTreeVerifier(mistake, models, tree, draws);
        var accepted = 0;
        for (var node = TokenTree.Anchor; ; accepted++)
        {
            var child = verifier.TestChildren(node);
            if (child < 0)
            {
                return new Acceptance(accepted, verifier.Sample(node), NextTokenKind.Bonus, node);
            }

            node = child;
        }
    };

    public static TreeRule Traversal(Mistake mistake) => (models, tree, draws) =>
    {
        var verifier = new WrongTreeVerifier(mistake, models, tree, draws);
        while (true)
        {
            var leaf = verifier.FirstLeaf(TokenTree.Anchor);
            if (leaf < 0 || draws.Accept(leaf, verifier._survival[leaf + 1], 1))
            {
                return new Acceptance(leaf < 0 ? 0 : tree.Depths[leaf] + 1, verifier.Sample(leaf), NextTokenKind.Bonus, leaf);
            }

            verifier.Delete(leaf);
        }
    };

    private int TestChildren(int node)
    {
        for (var child = tree.FirstChild(node); child >= 0; child = tree.NextSibling(child))
        {
            var token = tree.Tokens[child];
            if (draws.Accept(child, _left[node + 1][token], _proposal[node + 1][token]))
            {
                return child;
            }

            Reject(node, token, 1);
        }

        return -1;
    }

    private int FirstLeaf(int node)
    {
        for (var child = tree.FirstChild(node); child >= 0; child = tree.NextSibling(child))
        {
            if (!_isDeleted[child])
            {
                var token = tree.Tokens[child];
                if (IsUntouched(child))
                {
                    _survival[child + 1] = Math.Min(1, _survival[node + 1] * _left[node + 1][token] / _proposal[node + 1][token]);
                }

                return FirstLeaf(child);
            }
        }

        return node;
    }

    private bool IsUntouched(int node)
    {
        var child = tree.FirstChild(node);
        return child < 0 || !_isDeleted[child];
    }

    private void Delete(int node)
    {
        _isDeleted[node] = true;
        var parent = tree.Parents[node];
        var token = tree.Tokens[node];
        var survival = _survival[parent + 1];
        var draftProbability = _proposal[parent + 1][token];
        var mass = Reject(parent, token, mistake == Mistake.DeletionForgetsThePathAbove ? 1 : survival);
        var denominator = mistake == Mistake.DeletionDividesByOneLessTheDraftProbability ? 1 - draftProbability : mass + (1 - survival);
        _survival[parent + 1] = parent < 0 ? 1 : denominator <= 0 ? 1 : Math.Min(1, mass / denominator);
    }

    private double Reject(int node, int token, double survival)
    {
        ref var left = ref _left[node + 1];
        ref var proposal = ref _proposal[node + 1];
        double[] residual = [.. left.Zip(proposal, (p, q) => Math.Max((survival * p) - q, 0))];
        var mass = residual.Sum();
        if (mass > 1e-14 && mistake != Mistake.RejectionLeavesTheTargetAsItIs)
        {
            left = [.. residual.Select(weight => weight / mass)];
        }

        if (mistake != Mistake.TestedTokenKeepsItsDraftProbability)
        {
            proposal = TreeGrowth.Without(proposal, [token]);
        }

        return mass;
    }

    private int Sample(int node) => draws.Choose(_left[node + 1]);

    private static double[] Doubles(TokenTree tree, int node) => [.. tree.Proposal(node).Weights.ToArray().Select(weight => (double)weight)];
}
