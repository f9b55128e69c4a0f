using LlamaSpec.Policies;

namespace LlamaSpec.Tests.Policies;

/// <summary>SVIP (arXiv 2411.18462): include the token, then stop if the root of its entropy is above 0.45.</summary>
public class SvipPolicyTests
{
    // 0.45 squared is 0.2025.
    [TestCase(0, 9.0, true)]
    [TestCase(1, 0.20, true)]
    [TestCase(1, 0.21, false)]
    [TestCase(5, 0.21, false)]
    public void ThePassAfterAnUncertainTokenIsSaved(int draftedCount, double lastEntropy, bool goesOn) =>
        Assert.That(new SvipPolicy().BeforePass(PolicyProgress.After(draftedCount) with { LastEntropy = lastEntropy }), Is.EqualTo(goesOn));

    [TestCase(1.0, true)]
    [TestCase(1.1, false)]
    public void TheThresholdIsOfTheRoot(double lastEntropy, bool goesOn) =>
        Assert.That(new SvipPolicy(1).BeforePass(PolicyProgress.After(1) with { LastEntropy = lastEntropy }), Is.EqualTo(goesOn));

    [Test]
    public void ATokenThatWasPaidForIsIncluded() =>
        Assert.That(new SvipPolicy().BeforeSampling(PolicyProgress.After(3), PolicyProgress.Candidate(9)), Is.True);

    [Test]
    public void ASlightlyNegativeEntropyIsZero() =>
        Assert.That(new SvipPolicy().BeforePass(PolicyProgress.After(1) with { LastEntropy = -1e-7 }), Is.True);

    [Test]
    public void MoreEntropyNeverLengthensADraft() => Property.Holds(random =>
    {
        var policy = new SvipPolicy(random.NextDouble());
        var answers = Enumerable.Range(0, 20).Select(_ => 3 * random.NextDouble()).Order()
            .Select(entropy => policy.BeforePass(PolicyProgress.After(2) with { LastEntropy = entropy }));
        Assert.That(answers, Is.Ordered.Descending);
    });
}
