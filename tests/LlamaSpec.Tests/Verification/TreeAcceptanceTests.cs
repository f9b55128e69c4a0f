using static LlamaSpec.Tests.Verification.TreePlans;

namespace LlamaSpec.Tests.Verification;

/// <summary>How much of a tree each rule accepts: what the choice between them rests on.</summary>
public class TreeAcceptanceTests
{
    private const double Rounding = 1e-6;

    // The standard error of a mean over 1000 rows is 0.004.
    private const double Tolerance = 0.015;

    [Test]
    public void TraversalOfAChainAcceptsNoFewerTokensThanTheWalk([Range(1, 20)] int seed)
    {
        var models = TreePairs.Arbitrary(3, 3, seed);
        Assert.That(
            Mean(models, Sampled(1), TreeEnumeration.Traversal), Is.GreaterThanOrEqualTo(Mean(models, Sampled(1), TreeEnumeration.Walk) - Rounding));
    }

    [Test]
    public void ASecondDrawAcceptsMoreThanAChainAndTraversalOfThemNoLess([Range(1, 20)] int seed)
    {
        // For traversal of trees this is what was found, not what the paper proves: it holds for hundreds of such pairs.
        var models = TreePairs.Arbitrary(3, 2, seed);
        var chain = Mean(models, Sampled(1), TreeEnumeration.Walk);
        var walk = Mean(models, Sampled(2), TreeEnumeration.Walk);
        Assert.That(walk, Is.GreaterThanOrEqualTo(chain - Rounding));
        Assert.That(Mean(models, Sampled(2), TreeEnumeration.Traversal), Is.GreaterThanOrEqualTo(walk - Rounding));
    }

    [Test]
    public void ASampledChildAcceptsWhatTheTwoDistributionsShare([Range(1, 10)] int seed)
    {
        var models = TreePairs.Arbitrary(4, 1, seed);
        var shared = models.TargetRow(1).Zip(models.DraftRow(1), Math.Min).Sum();
        Assert.That(Mean(models, Sampled(1), TreeEnumeration.Walk), Is.EqualTo(shared).Within(Rounding));
    }

    [Test]
    public void ACertainChildAcceptsItsTargetProbabilityAndASampledOneBesideItAddsToThat([Range(1, 10)] int seed)
    {
        var models = TreePairs.Arbitrary(4, 1, seed);
        var certain = models.TargetRow(1)[TreeGrowth.Likeliest(models.DraftRow(1), 1)[0]];
        Assert.That(Mean(models, Certain(1), TreeEnumeration.Walk), Is.EqualTo(certain).Within(Rounding));
        Assert.That(Mean(models, Hybrid(2), TreeEnumeration.Walk), Is.GreaterThan(certain));
    }

    [TestCase(0, 1, 0.837)]
    [TestCase(1, 0, 0.497)]
    [TestCase(0, 2, 0.897)]
    [TestCase(1, 1, 0.917)]
    [TestCase(0, 4, 0.953)]
    [TestCase(3, 1, 0.942)]
    public void AtTemperatureOneANodeAccepts(int certainCount, int sampledCount, double expected)
    {
        Assert.That(NodeAcceptance.Mean(certainCount, sampledCount, 1), Is.EqualTo(expected).Within(Tolerance));
    }

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(4)]
    public void AtALowTemperatureTheRulesDifferLittle(int childCount)
    {
        double[] means = [.. Enumerable.Range(0, childCount + 1).Select(certain => NodeAcceptance.Mean(certain, childCount - certain, 0.2f))];
        Assert.That(means.Max() - means.Min(), Is.LessThan(Tolerance));
    }

    private static double Mean(TreeEnumeration models, GrowthPlan plan, TreeRule rule) => models.MeanAccepted(TreeGrowth.LevelByLevel(plan), rule);
}
