using LlamaSpec.Drafting;
using LlamaSpec.Verification;
using static LlamaSpec.Tests.Verification.TreePlans;

namespace LlamaSpec.Tests.Verification;

/// <summary>The enumeration sees the usual mistakes; and what only looks like one is proven exact.</summary>
public class TreeFaultTests
{
    private const double Exact = 1e-12;
    private const double Rounding = 1e-6;
    private const double SmallestBias = 1e-4;

    private static readonly GrowthPlan Pair = SampledByLevel(2, 2);

    public static IEnumerable<TestCaseData> SeededFaults() =>
    [
        Fault("a tested token keeps its draft probability", Pair, WrongTreeVerifier.Walk(Mistake.TestedTokenKeepsItsDraftProbability)),
        Fault("a rejection leaves the target as it is", Pair, WrongTreeVerifier.Walk(Mistake.RejectionLeavesTheTargetAsItIs)),
        Fault("traversal divides by 1 - q", Pair, WrongTreeVerifier.Traversal(Mistake.DeletionDividesByOneLessTheDraftProbability)),
        Fault("traversal forgets the path above a deleted node", Pair, WrongTreeVerifier.Traversal(Mistake.DeletionForgetsThePathAbove)),
        Fault("the correction token comes from the target", Hybrid(1), CorrectionFromTheTarget),
        Fault("a state has the row of its parent", Hybrid(2), (models, tree, draws) => Walk(models, tree, node => node < 0 ? node : tree.Parents[node], draws)),
        Fault("target and proposal are swapped", Hybrid(1), Swapped),
        Fault("every candidate path samples anew and the longest wins", Certain(2), LongestOfCandidates),
        Fault("the same, of sampled paths", SampledByLevel(2, 1), LongestOfCandidates),
        new TestCaseData(CertainTestedAsSampled, TreeEnumeration.Walk).SetArgDisplayNames("a certain node is accepted with p / q"),
        new TestCaseData(Dropping(0.3), TreeEnumeration.Walk).SetArgDisplayNames("a sampled node is dropped because its own probability is low"),
        new TestCaseData(Dropping(0.3), TreeEnumeration.Traversal).SetArgDisplayNames("the same before traversal"),
        new TestCaseData(PruningCertain(0.3), TreeEnumeration.Walk).SetArgDisplayNames("a certain node is dropped because its sampled child turned out badly"),
        new TestCaseData(Sorted(false), TreeEnumeration.Walk).SetArgDisplayNames("siblings are tested from the likeliest down"),
        new TestCaseData(Sorted(true), TreeEnumeration.Walk).SetArgDisplayNames("siblings are tested from the unlikeliest up"),
        new TestCaseData(Reversed, TreeEnumeration.Walk).SetArgDisplayNames("siblings are tested from the last draw back"),
        new TestCaseData(Sorted(false), TreeEnumeration.Traversal).SetArgDisplayNames("traversal meets siblings from the likeliest down"),
        new TestCaseData(WrongProposal(isDrawnFromRest: true), TreeEnumeration.Walk).SetArgDisplayNames("the hybrid proposal has the certain children in it, the draw has not"),
        new TestCaseData(WrongProposal(isDrawnFromRest: false), TreeEnumeration.Walk).SetArgDisplayNames("the hybrid draw has the certain children in it, the proposal has not"),
    ];

    [TestCaseSource(nameof(SeededFaults))]
    public void EnumerationCatches(object drafting, object rule)
    {
        var worst = Enumerable.Range(1, 8).Max(seed => TreePairs.Arbitrary(3, 2, seed).TotalVariation((TreeDrafting)drafting, (TreeRule)rule));
        Assert.That(worst, Is.GreaterThan(SmallestBias));
    }

    [Test]
    public void TheVerifiersWithRoomForMistakesAreExactWithoutOne([Range(1, 4)] int seed)
    {
        var models = TreePairs.Arbitrary(3, 2, seed);
        AssertExact(models, TreeGrowth.LevelByLevel(Pair), WrongTreeVerifier.Walk(Mistake.None), Rounding);
        AssertExact(models, TreeGrowth.LevelByLevel(Pair), WrongTreeVerifier.Traversal(Mistake.None), Rounding);
    }

    [Test]
    public void CertainNodesMayBeDroppedForTheirOwnProbability([Range(1, 3)] int seed) => AssertExact(
        TreePairs.Dyadic(3, 3, seed, rejections: 0),
        Keeping(HybridBelowCertain(), static (tree, node) => tree.IsSampled[node] != 0 || tree.Probabilities[node] > 0.3),
        TreeEnumeration.Walk,
        Exact);

    [Test]
    public void SampledNodesMayBeDroppedForTheirPlaceInTheTree([Range(1, 3)] int seed, [Range(1, 5)] int keptCount) => AssertExact(
        TreePairs.Dyadic(3, 2, seed, rejections: 2), Keeping(Pair, (_, node) => node < keptCount), TreeEnumeration.Walk, Exact);

    [Test]
    public void AHybridProposalAndItsDrawMayBothHaveTheCertainChildrenInThem([Range(1, 3)] int seed) => AssertExact(
        TreePairs.Dyadic(3, 1, seed, rejections: 1),
        static (models, tree, draws) =>
        {
            var row = models.DraftRow(1);
            tree.Add(TokenTree.Anchor, TreeGrowth.Likeliest(row, 1)[0], 1, isSampled: false);
            models.Overwrite(tree.Proposal(TokenTree.Anchor), row);
            tree.Add(TokenTree.Anchor, draws.Choose(row), 1, isSampled: true);
        },
        TreeEnumeration.Walk,
        Exact);

    private static void AssertExact(TreeEnumeration models, TreeDrafting drafting, TreeRule rule, double limit) =>
        Assert.That(models.TotalVariation(drafting, rule), Is.LessThan(limit));

    private static Acceptance Walk(TreeEnumeration models, TokenTree tree, Func<int, int> stateOf, BranchingDraws draws)
    {
        var rows = new Rows(node => models.Target(tree, stateOf(node)));
        return TreeVerifier.Verify(tree, ref rows, models.Scratch(), TreeEnumeration.Kernels, ref draws);
    }

    private static Acceptance CorrectionFromTheTarget(TreeEnumeration models, TokenTree tree, BranchingDraws draws)
    {
        var acceptance = TreeEnumeration.Walk(models, tree, draws);
        return acceptance.Kind == NextTokenKind.Correction
            ? acceptance with { NextToken = draws.Sample(0, models.Target(tree, acceptance.LastNode)) }
            : acceptance;
    }

    private static Acceptance Swapped(TreeEnumeration models, TokenTree tree, BranchingDraws draws)
    {
        for (var node = TokenTree.Anchor; node < tree.Count; node++)
        {
            models.Overwrite(tree.Proposal(node), models.TargetRow(models.Key(tree, node)));
        }

        var rows = new Rows(node => models.Overwrite(models.Empty(), models.DraftRow(models.Key(tree, node))));
        return TreeVerifier.Verify(tree, ref rows, models.Scratch(), TreeEnumeration.Kernels, ref draws);
    }

    // Each path of the tree is verified as a chain of certain tokens, with chance of its own.
    private static Acceptance LongestOfCandidates(TreeEnumeration models, TokenTree tree, BranchingDraws draws)
    {
        Acceptance? longest = null;
        foreach (var leaf in Enumerable.Range(0, tree.Count).Where(node => tree.FirstChild(node) < 0))
        {
            List<int> path = [];
            for (var node = leaf; node >= 0; node = tree.Parents[node])
            {
                path.Insert(0, node);
            }

            var chain = new TokenTree(path.Count, models.VocabularySize);
            path.ForEach(node => chain.Add(chain.Count - 1, tree.Tokens[node], 1, isSampled: false));
            var acceptance = TreeEnumeration.Walk(models, chain, draws);
            if (longest is null || acceptance.AcceptedCount > longest.Value.AcceptedCount)
            {
                longest = acceptance with { LastNode = acceptance.LastNode < 0 ? -1 : path[acceptance.LastNode] };
            }
        }

        return longest!.Value;
    }

    private static TreeDrafting CertainTestedAsSampled => static (models, tree, draws) =>
    {
        for (var node = TokenTree.Anchor; node < models.Depth - 1; node++)
        {
            var row = models.DraftRow(models.Key(tree, node));
            models.Overwrite(tree.Proposal(node), row);
            tree.Add(node, TreeGrowth.Likeliest(row, 1)[0], 1, isSampled: true);
        }
    };

    // Redrafts what was drafted, without the nodes that "isKept" does not want and what is below them.
    private static TreeDrafting Keeping(GrowthPlan plan, Func<TokenTree, int, bool> isKept) => (models, tree, draws) =>
    {
        var whole = new TokenTree(tree.Capacity, models.VocabularySize);
        whole.Reserve();
        TreeGrowth.LevelByLevel(plan)(models, whole, draws);
        var numbers = Enumerable.Repeat(-2, whole.Count).ToArray();
        Copy(models, whole, TokenTree.Anchor, tree, TokenTree.Anchor);
        for (var node = 0; node < whole.Count; node++)
        {
            var parent = whole.Parents[node] < 0 ? TokenTree.Anchor : numbers[whole.Parents[node]];
            if (parent >= TokenTree.Anchor && isKept(whole, node))
            {
                numbers[node] = tree.Add(parent, whole.Tokens[node], whole.Probabilities[node], whole.IsSampled[node] != 0);
                Copy(models, whole, node, tree, numbers[node]);
            }
        }
    };

    private static void Copy(TreeEnumeration models, TokenTree from, int fromNode, TokenTree to, int toNode) =>
        models.Overwrite(to.Proposal(toNode), [.. from.Proposal(fromNode).Weights.ToArray().Select(weight => (double)weight)]);

    private static TreeDrafting Dropping(double leastProbability) => Keeping(Pair, (tree, node) => tree.Probabilities[node] >= leastProbability);

    private static TreeDrafting PruningCertain(double leastProbability) => Keeping(
        view => view.Depth == 0 ? (2, 0) : (0, 1),
        (tree, node) => tree.FirstChild(node) < 0 || tree.Probabilities[tree.FirstChild(node)] >= leastProbability);

    private static TreeDrafting Reversed => Reordered(static (first, second) => true);

    private static TreeDrafting Sorted(bool isAscending) => Reordered((first, second) => second > first != isAscending);

    private static TreeDrafting Reordered(Func<double, double, bool> areSwapped) => (models, tree, draws) =>
    {
        var row = models.DraftRow(1);
        models.Overwrite(tree.Proposal(TokenTree.Anchor), row);
        var first = draws.Choose(row);
        var second = draws.Choose(TreeGrowth.Without(row, [first]));
        if (areSwapped(row[first], row[second]))
        {
            (first, second) = (second, first);
        }

        tree.Add(TokenTree.Anchor, first, (float)row[first], isSampled: true);
        tree.Add(TokenTree.Anchor, second, (float)row[second], isSampled: true);
    };

    private static TreeDrafting WrongProposal(bool isDrawnFromRest) => (models, tree, draws) =>
    {
        var row = models.DraftRow(1);
        var certain = TreeGrowth.Likeliest(row, 1);
        var rest = TreeGrowth.Without(row, certain);
        tree.Add(TokenTree.Anchor, certain[0], 1, isSampled: false);
        models.Overwrite(tree.Proposal(TokenTree.Anchor), isDrawnFromRest ? row : rest);
        tree.Add(TokenTree.Anchor, draws.Choose(isDrawnFromRest ? rest : row), 1, isSampled: true);
    };

    private static TestCaseData Fault(string name, GrowthPlan plan, TreeRule rule) =>
        new TestCaseData(TreeGrowth.LevelByLevel(plan), rule).SetArgDisplayNames(name);

    private sealed class Rows(Func<int, LlamaSpec.Sampling.TokenDistribution> at) : ITargetRows
    {
        public LlamaSpec.Sampling.TokenDistribution At(int node) => at(node);
    }
}
