using LlamaSpec.Policies;

namespace LlamaSpec.Tests.Policies;

public class ProductPolicyTests
{
    [TestCase(0, -9.0, true)]
    [TestCase(1, -0.6, true)]
    [TestCase(1, -0.61, false)]
    public void TheDraftEndsWhereTheProductFallsBelowTheThreshold(int draftedCount, double logProbability, bool goesOn) =>
        Assert.That(new ProductPolicy().BeforePass(PolicyProgress.After(draftedCount) with { LogProbability = logProbability }), Is.EqualTo(goesOn));

    // 0.9^5 = 0.59 is above e^-0.6 = 0.549, 0.9^6 = 0.53 is not.
    [Test]
    public void TokensOfNinetyPercentMakeADraftOfSix()
    {
        var policy = new ProductPolicy();
        var length = Enumerable.Range(0, 20).TakeWhile(drafted => policy.BeforePass(PolicyProgress.After(drafted, 20) with { LogProbability = drafted * Math.Log(0.9) })).Count();
        Assert.That(length, Is.EqualTo(6));
    }

    [Test]
    public void ATokenThatWasPaidForIsIncluded() =>
        Assert.That(new ProductPolicy().BeforeSampling(PolicyProgress.After(3), PolicyProgress.Candidate(9)), Is.True);
}
