using static LlamaSpec.Tests.Verification.TreePairs;
using static LlamaSpec.Tests.Verification.TreePlans;

namespace LlamaSpec.Tests.Verification;

/// <summary>Exact enumeration of the walk down a tree and of traversal, for every way of drafting that they are for.</summary>
public class TreeLosslessnessTests
{
    // Where target probabilities are multiples of 1/64 and the draft's are powers of two, every float32 is exact.
    private const double Exact = 1e-12;

    // Elsewhere residuals are rounded to float32: each to 6e-8 of itself, and a text meets a few of them.
    private const double Rounding = 1e-6;

    public static IEnumerable<TestCaseData> CertainTrees() =>
    [
        Plan("chain", Certain(1)),
        Plan("wide", Certain(2)),
        Plan("everything", Certain(4)),
        Plan("ragged", Ragged()),
    ];

    public static IEnumerable<TestCaseData> HybridTrees() =>
    [
        Plan("one child", Hybrid(1)),
        Plan("two children", Hybrid(2)),
        Plan("three children", Hybrid(3)),
        Plan("two children, the sampled one where the others have weight", Hybrid(2, 0.3)),
        Plan("a sampled node, then certain ones", SampledThenCertain()),
        Plan("hybrid nodes below certain ones", HybridBelowCertain()),
    ];

    public static IEnumerable<TestCaseData> MixedTrees() =>
    [
        Plan("certain nodes below sampled ones", CertainBelowSampled()),
        Plan("certain nodes and two sampled ones", HybridWithoutReplacement()),
        Plan("three children without replacement", SampledByLevel(3, 2, 1)),
        .. HybridTrees(),
    ];

    public static IEnumerable<TestCaseData> PredictableTrees()
    {
        foreach (var (name, plan) in new[] { ("sampled", SampledByLevel(2, 2, 1)), ("hybrid", Hybrid(2)), ("mixed", CertainBelowSampled()) })
        {
            yield return Plan($"{name}, while the path is likely", WhileLikely(plan, 0.2));
            yield return Plan($"{name}, while the draft is sure", WhileSure(plan, 0.95));
            yield return Plan($"{name}, by the tokens drawn before", ByEarlierTokens(plan));
        }
    }

    [TestCaseSource(nameof(CertainTrees))]
    public void SampleAndMatchIsExactForAnyTreeOfCertainNodes(object plan)
    {
        AssertExact(plan, TreeEnumeration.Walk, 3, 2, rejections: 0);
        AssertExact(plan, TreeEnumeration.Walk, 3, 3, rejections: 0);
        AssertExact(plan, TreeEnumeration.Walk, 3, 4, rejections: 0);
    }

    [TestCaseSource(nameof(HybridTrees))]
    public void ASampledNodeBesideCertainOnesIsExact(object plan)
    {
        AssertExact(plan, TreeEnumeration.Walk, 3, 2, rejections: 0);
        AssertExact(plan, TreeEnumeration.Walk, 3, 3, rejections: 0);
        AssertExact(plan, TreeEnumeration.Walk, 2, 4, rejections: 0);
    }

    [Test]
    public void DrawingWithoutReplacementIsExact([Range(1, 3)] int childCount)
    {
        AssertExact(Sampled(childCount), TreeEnumeration.Walk, 3, 2, childCount);
        AssertExact(Sampled(childCount), TreeEnumeration.Walk, 2, 3, childCount);
        AssertExact(SampledByLevel(childCount, 1), TreeEnumeration.Walk, 2, 4, childCount);
    }

    [Test]
    public void TraversalIsExact([Range(1, 3)] int childCount)
    {
        AssertExact(SampledByLevel(childCount, 1, 1), TreeEnumeration.Traversal, 3, 2, childCount);
        AssertExact(SampledByLevel(childCount, 1, 1), TreeEnumeration.Traversal, 3, 3, childCount);
        AssertExact(SampledByLevel(childCount, 1), TreeEnumeration.Traversal, 2, 4, childCount);
    }

    [TestCaseSource(nameof(PredictableTrees))]
    public void GrowthThatFollowsWhatWasDrawnBeforeStaysExact(object plan)
    {
        AssertExact(plan, TreeEnumeration.Walk, 2, 3, rejections: 2);
        AssertExact(plan, TreeEnumeration.Walk, 3, 2, rejections: 2);
    }

    [TestCaseSource(nameof(MixedTrees))]
    [TestCaseSource(nameof(PredictableTrees))]
    public void ArbitraryProbabilitiesDifferByFloatRoundingOnly(object plan)
    {
        AssertRounded(plan, TreeEnumeration.Walk, 2, 3);
        AssertRounded(plan, TreeEnumeration.Walk, 3, 2);
    }

    [Test]
    public void TraversalOfArbitraryProbabilitiesDiffersByFloatRoundingOnly([Range(1, 3)] int childCount)
    {
        AssertRounded(Sampled(childCount), TreeEnumeration.Traversal, 2, 3);
        AssertRounded(Sampled(childCount), TreeEnumeration.Traversal, 3, 2);
        AssertRounded(WhileLikely(Sampled(childCount), 0.2), TreeEnumeration.Traversal, 2, 3);
        AssertRounded(WhileSure(Sampled(childCount), 0.95), TreeEnumeration.Traversal, 2, 3);
        AssertRounded(ByEarlierTokens(Sampled(childCount)), TreeEnumeration.Traversal, 2, 3);
        AssertRounded(ByEarlierTokens(SampledByLevel(childCount, 1)), TreeEnumeration.Traversal, 2, 4);
    }

    private static void AssertExact(object plan, TreeRule rule, int depth, int vocabularySize, int rejections)
    {
        for (var seed = 1; seed <= 3; seed++)
        {
            AssertBelow(Exact, (GrowthPlan)plan, rule, Dyadic(vocabularySize, depth, seed, rejections), seed);
        }
    }

    private static void AssertRounded(object plan, TreeRule rule, int depth, int vocabularySize)
    {
        for (var seed = 1; seed <= 4; seed++)
        {
            AssertBelow(Rounding, (GrowthPlan)plan, rule, Arbitrary(vocabularySize, depth, seed), seed);
        }
    }

    private static void AssertBelow(double limit, GrowthPlan plan, TreeRule rule, TreeEnumeration models, int seed)
    {
        Assert.That(models.TotalVariation(TreeGrowth.LevelByLevel(plan), rule), Is.LessThan(limit), $"Level by level, seed {seed}");
        Assert.That(models.TotalVariation(TreeGrowth.SubtreesFirst(plan), rule), Is.LessThan(limit), $"Subtrees first, seed {seed}");
    }

    private static TestCaseData Plan(string name, GrowthPlan plan) => new TestCaseData(plan).SetArgDisplayNames(name);
}
