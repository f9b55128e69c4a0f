using LlamaSpec.Policies;

namespace LlamaSpec.Tests.Policies;

public class HeuristicPolicyTests
{
    [Test]
    public void TwoMoreAfterAllAndOneLessAfterARejection()
    {
        var policy = new HeuristicPolicy();
        Assert.That(policy.Length, Is.EqualTo(5));
        policy.Observe(PolicyProgress.Round(5, 5));
        Assert.That(policy.Length, Is.EqualTo(7));
        policy.Observe(PolicyProgress.Round(7, 6));
        Assert.That(policy.Length, Is.EqualTo(6));
        Assert.That(policy.BeforePass(PolicyProgress.After(5)), Is.True);
        Assert.That(policy.BeforePass(PolicyProgress.After(6)), Is.False);
    }

    [Test]
    public void NeverBelowOne()
    {
        var policy = new HeuristicPolicy();
        for (var round = 0; round < 20; round++)
        {
            policy.Observe(PolicyProgress.Round(policy.Length, 0));
        }

        Assert.That(policy.Length, Is.EqualTo(1));
    }

    [Test]
    public void NeverBeyondWhatRoundsCanDraft()
    {
        var policy = new HeuristicPolicy();
        for (var round = 0; round < 50; round++)
        {
            policy.Observe(PolicyProgress.Round(Math.Min(policy.Length, 8), Math.Min(policy.Length, 8)));
        }

        Assert.That(policy.Length, Is.EqualTo(8));
        policy.Observe(PolicyProgress.Round(8, 0));
        Assert.That(policy.Length, Is.EqualTo(7), "a length beyond the limit would have to come down unseen first");
    }

    [Test]
    public void ARoundWithoutADraftTeachesNothing()
    {
        var policy = new HeuristicPolicy();
        policy.Observe(PolicyProgress.Round(0, 0));
        Assert.That(policy.Length, Is.EqualTo(5));
    }
}
