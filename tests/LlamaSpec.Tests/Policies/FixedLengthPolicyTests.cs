using LlamaSpec.Policies;

namespace LlamaSpec.Tests.Policies;

public class FixedLengthPolicyTests
{
    [TestCase(0)]
    [TestCase(1)]
    [TestCase(5)]
    public void PaysForThatManyPassesAndNoMore(int length)
    {
        var policy = new FixedLengthPolicy(length);
        var passes = Enumerable.Range(0, 10).TakeWhile(drafted => policy.BeforePass(PolicyProgress.After(drafted)));
        Assert.That(passes.Count(), Is.EqualTo(length));
    }

    [Test]
    public void NeitherEntropyNorRejectionChangesTheLength()
    {
        var policy = new FixedLengthPolicy(3);
        for (var round = 0; round < 20; round++)
        {
            policy.Observe(PolicyProgress.Round(3, 0, 3));
        }

        Assert.That(policy.BeforePass(PolicyProgress.After(2)), Is.True);
        Assert.That(policy.BeforeSampling(PolicyProgress.After(2), PolicyProgress.Candidate(entropy: 9)), Is.True);
    }
}
