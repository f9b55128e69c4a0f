using LlamaSpec.Policies;

namespace LlamaSpec.Tests.Policies;

/// <summary>AdaEDL (arXiv 2410.18351): 1 - sqrt(0.2 * entropy) against a threshold that follows the acceptance rate.</summary>
public class AdaEdlPolicyTests
{
    [TestCase(0.0, 1.0)]
    [TestCase(0.05, 0.9)]
    [TestCase(1.25, 0.5)]
    [TestCase(1.8, 0.4)]
    [TestCase(5.0, 0.0)]
    [TestCase(9.0, 0.0)]
    [TestCase(-1e-7, 1.0)]
    public void TheBoundFallsWithTheRootOfTheEntropy(double entropy, double bound) =>
        Assert.That(AdaEdlPolicy.AcceptanceBound(entropy), Is.EqualTo(bound).Within(1e-12));

    [Test]
    public void TheFirstTokenIsAlwaysDrafted()
    {
        var policy = new AdaEdlPolicy(0.9);
        Assert.That(policy.BeforePass(PolicyProgress.After(0)), Is.True);
        Assert.That(policy.BeforeSampling(PolicyProgress.After(0), PolicyProgress.Candidate(100)), Is.True);
        Assert.That(policy.BeforeSampling(PolicyProgress.After(1), PolicyProgress.Candidate(100)), Is.False);
    }

    [TestCase(1.24, true)]
    [TestCase(1.26, false)]
    public void DraftingStopsWhereTheBoundCrossesTheThreshold(double entropy, bool goesOn) =>
        Assert.That(new AdaEdlPolicy(0.5).BeforeSampling(PolicyProgress.After(1), PolicyProgress.Candidate(entropy)), Is.EqualTo(goesOn));

    [Test]
    public void MoreEntropyNeverLengthensADraft() => Property.Holds(random =>
    {
        var policy = new AdaEdlPolicy(random.NextDouble());
        var entropies = Enumerable.Range(0, 20).Select(_ => 8 * random.NextDouble()).Order();
        var answers = entropies.Select(entropy => policy.BeforeSampling(PolicyProgress.After(random.Next(1, 9)), PolicyProgress.Candidate(entropy)));
        Assert.That(answers, Is.Ordered.Descending);
    }, count: 500);

    [Test]
    public void TheThresholdFollowsTheFormulaOfThePaper()
    {
        // By hand, from threshold 0.4 and acceptance rate 0.9.
        var policy = new AdaEdlPolicy(0.4);

        // Rate 0.5 * 0.9 + 0.5 * 2/4 = 0.7, below 0.9: 0.9 * 0.4 + 0.1 * 0.41.
        policy.Observe(PolicyProgress.Round(4, 2, 8));
        Assert.That(policy.Threshold, Is.EqualTo(0.401).Within(1e-12));

        // Rate 0.35 + 0.5 = 0.85, still below.
        policy.Observe(PolicyProgress.Round(3, 3, 8));
        Assert.That(policy.Threshold, Is.EqualTo(0.402).Within(1e-12));

        // Rate 0.925, and 3 of at most 8 were accepted: 0.9 * 0.402 + 0.1 * 0.392.
        policy.Observe(PolicyProgress.Round(3, 3, 8));
        Assert.That(policy.Threshold, Is.EqualTo(0.401).Within(1e-12));

        // Rate 0.9625, but all 8 were accepted: no longer draft is possible.
        policy.Observe(PolicyProgress.Round(8, 8, 8));
        Assert.That(policy.Threshold, Is.EqualTo(0.401).Within(1e-12));

        // Rate 0.48125.
        policy.Observe(PolicyProgress.Round(1, 0, 8));
        Assert.That(policy.Threshold, Is.EqualTo(0.402).Within(1e-12));
    }

    [Test]
    public void ARoundWithoutADraftTeachesNothing()
    {
        var policy = new AdaEdlPolicy(0.4);
        policy.Observe(PolicyProgress.Round(0, 0, 8));
        Assert.That(policy.Threshold, Is.EqualTo(0.4));
    }

    [TestCase(0, 1.0)]
    [TestCase(1, 0.0)]
    public void TheThresholdStaysAProbability(int accepted, double end)
    {
        var policy = new AdaEdlPolicy();
        for (var round = 0; round < 5000; round++)
        {
            policy.Observe(PolicyProgress.Round(1, accepted, 8));
            Assert.That(policy.Threshold, Is.InRange(0.0, 1.0));
        }

        Assert.That(policy.Threshold, Is.EqualTo(end).Within(1e-9));
    }

    [Test]
    public void EachRequestStartsAtTheInitialThreshold()
    {
        var first = PolicyChoice.AdaEdlFrom(0.7).Create(PolicyProgress.Context);
        first.Observe(PolicyProgress.Round(4, 0, 8));
        var second = (AdaEdlPolicy)PolicyChoice.AdaEdlFrom(0.7).Create(PolicyProgress.Context);
        Assert.That(((AdaEdlPolicy)first).Threshold, Is.GreaterThan(0.7));
        Assert.That(second.Threshold, Is.EqualTo(0.7));
    }
}
