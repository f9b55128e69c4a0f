using LlamaSpec.Policies;

namespace LlamaSpec.Tests.Policies;

public class HillClimbPolicyTests
{
    private const int RoundsPerTrial = 8;

    [Test]
    public void StartsAtThree() => Assert.That(new HillClimbPolicy().Length, Is.EqualTo(3));

    [Test]
    public void OneTokenLessWhileFewerThanHalfSurviveButNeverBelowOne()
    {
        var policy = new HillClimbPolicy();
        Play(policy, RoundsPerTrial, static _ => 0, static length => 10 + length);
        Assert.That(policy.Length, Is.EqualTo(2));
        Play(policy, 10 * RoundsPerTrial, static _ => 0, static length => 10 + length);
        Assert.That(policy.Length, Is.EqualTo(1));
    }

    [Test]
    public void BetweenHalfAndThreeQuartersNothingMoves()
    {
        var policy = new HillClimbPolicy();
        Play(policy, 20 * RoundsPerTrial, static length => 2 * length / 3, static length => 10 + length);
        Assert.That(policy.Length, Is.EqualTo(3));
    }

    // A fourth token makes 5 of 4 tokens: 13 ms * 5/4 = 16.25 ms is as fast; three percent slower is 16.75 ms.
    [TestCase(16.7, 4)]
    [TestCase(16.8, 3)]
    public void AProbeStaysWhenItIsAtMostThreePercentSlower(double milliseconds, int length)
    {
        var policy = new HillClimbPolicy();
        Play(policy, RoundsPerTrial, static length => length, static _ => 13);
        Assert.That(policy.Length, Is.EqualTo(4), "a probe");
        Play(policy, RoundsPerTrial, static length => length, _ => milliseconds);
        Assert.That(policy.Length, Is.EqualTo(length));
    }

    [Test]
    public void AProbeThatIsATwentyPercentSlowerEndsAtOnce()
    {
        var policy = new HillClimbPolicy();
        Play(policy, RoundsPerTrial, static length => length, static _ => 13);
        Play(policy, 2, static length => length, static _ => 21);
        Assert.That(policy.Length, Is.EqualTo(3));
    }

    [Test]
    public void NoProbeBeyondTheLongestDraft()
    {
        var policy = new HillClimbPolicy();
        Play(policy, 40 * RoundsPerTrial, static length => length, static _ => 10);
        Assert.That(policy.Length, Is.EqualTo(8));
    }

    [Test]
    public void StepsWithPromptRowsAreNotMeasured()
    {
        var policy = new HillClimbPolicy();
        for (var round = 0; round < 50; round++)
        {
            policy.Observe(PolicyProgress.Round(3, 0) with { StepMilliseconds = 10, PromptRows = 5 });
        }

        Assert.That(policy.Length, Is.EqualTo(3));
    }

    private static void Play(HillClimbPolicy policy, int rounds, Func<int, int> accepted, Func<int, double> milliseconds)
    {
        for (var round = 0; round < rounds; round++)
        {
            policy.Observe(PolicyProgress.Round(policy.Length, accepted(policy.Length)) with { StepMilliseconds = milliseconds(policy.Length) });
        }
    }
}
