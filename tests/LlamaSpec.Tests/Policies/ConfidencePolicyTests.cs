using LlamaSpec.Policies;

namespace LlamaSpec.Tests.Policies;

public class ConfidencePolicyTests
{
    [TestCase(0, 0.0, true)]
    [TestCase(1, 0.40, true)]
    [TestCase(1, 0.39, false)]
    [TestCase(7, 0.39, false)]
    public void TheDraftEndsAfterATokenBelowTheThreshold(int draftedCount, double probability, bool goesOn) =>
        Assert.That(new ConfidencePolicy().BeforePass(PolicyProgress.After(draftedCount) with { LastProbability = probability }), Is.EqualTo(goesOn));

    [Test]
    public void ADistributionAloneEndsNothing() =>
        Assert.That(new ConfidencePolicy(1).BeforeSampling(PolicyProgress.After(2), PolicyProgress.Candidate(9)), Is.True);

    [Test]
    public void NoRoundChangesTheRule()
    {
        var policy = new ConfidencePolicy(0.5);
        for (var round = 0; round < 50; round++)
        {
            policy.Observe(PolicyProgress.Round(4, 0));
        }

        Assert.That(policy.BeforePass(PolicyProgress.After(1) with { LastProbability = 0.5 }), Is.True);
        Assert.That(policy.BeforePass(PolicyProgress.After(1) with { LastProbability = 0.49 }), Is.False);
    }
}
