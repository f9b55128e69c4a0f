using LlamaSpec.Policies;

namespace LlamaSpec.Tests.Policies;

public class ExpectedThroughputPolicyTests
{
    // Rounds after which every length was probed: 4 + 8 + 16 + 32 + 64 + 128 + 256 + 512.
    private const int RoundsToProbeAll = 1100;

    private static readonly SimulatedMachine Machine = SimulatedMachine.Of(pass: 0.1, slope: 0.05);

    // Acceptance 0.8: expected tokens over time is the largest at 5.
    [Test]
    public void TakesTheLengthWithTheMostTokensOverItsTime()
    {
        var policy = new ExpectedThroughputPolicy(8);
        var lengths = new PolicySimulator(policy, Machine, SimulatedText.Constant(0.8)).Lengths(3000);
        Assert.That(lengths[RoundsToProbeAll..].Count(static length => length is >= 3 and <= 7), Is.GreaterThan(1700));
    }

    [Test]
    public void DraftingThatNeverSucceedsEndsAtZero()
    {
        var policy = new ExpectedThroughputPolicy(8);
        var lengths = new PolicySimulator(policy, Machine, SimulatedText.Constant(1e-9)).Lengths(400);
        Assert.That(lengths[60..].Count(static length => length == 0), Is.GreaterThan(330));
    }

    [Test]
    public void DearRowsEndAtZeroAndCheapOnesComeBackByProbing()
    {
        var policy = new ExpectedThroughputPolicy(8);
        var simulator = new PolicySimulator(policy, SimulatedMachine.Of(pass: 1, slope: 1), SimulatedText.Constant(0.9));
        Assert.That(simulator.Lengths(400)[^50..].Count(static length => length == 0), Is.GreaterThan(45));
        simulator.Machine = Machine;
        Assert.That(simulator.Lengths(6000)[^400..].Count(static length => length > 0), Is.GreaterThan(350), "within 6,000 rounds");
    }

    [Test]
    public void ACatchUpIsNotThePriceOfALength()
    {
        var policy = new ExpectedThroughputPolicy(8);
        policy.Observe(PolicyProgress.Round(1, 1) with { PassCount = 1, MissingRows = 500, StepMilliseconds = 1000 });
        Assert.That(policy.Length, Is.EqualTo(1), "the round is repeated");
        policy.Observe(PolicyProgress.Round(1, 1) with { PassCount = 1, MissingRows = 1, StepMilliseconds = 12 });
        policy.Observe(PolicyProgress.Round(0, 0) with { StepMilliseconds = 10 });
        Assert.That(policy.Length, Is.EqualTo(1), "1.7 tokens in 12 ms are more than one in 10");
    }

    [Test]
    public void ASpikeCountsAsThreeTimesTheUsual()
    {
        var policy = new ExpectedThroughputPolicy(8);
        policy.Observe(PolicyProgress.Round(0, 0) with { StepMilliseconds = 10 });
        policy.Observe(PolicyProgress.Round(1, 1) with { StepMilliseconds = 10 });

        // 10 + 0.25 * 20 = 15 ms for 1.757 tokens: still faster than plain decoding.
        policy.Observe(PolicyProgress.Round(1, 1) with { StepMilliseconds = 300 });
        Assert.That(policy.Length, Is.EqualTo(1));
    }
}
