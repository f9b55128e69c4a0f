using LlamaSpec.Policies.Auto;
using LlamaSpec.Sampling;

namespace LlamaSpec.Tests.Policies.Auto;

public class AdaptiveStateTests
{
    private static readonly SimulatedMachine Machine = SimulatedMachine.Of(0.1, 0.15);

    [TestCase(true)]
    [TestCase(false)]
    public void TheRoundTripGivesTheSameDecisions(bool isCalibrated)
    {
        var bytes = Trained(isCalibrated).Save();
        var first = New(isCalibrated);
        var second = New(isCalibrated);
        Assert.That(first.TryLoad(bytes), Is.True);
        Assert.That(second.TryLoad(bytes), Is.True);
        Assert.That(first.Save(), Is.EqualTo(bytes), "nothing is lost on the way");
        Assert.That(Lengths(second), Is.EqualTo(Lengths(first)));
        Assert.That(Lengths(first), Is.Not.EqualTo(Lengths(New(isCalibrated))), "what was learned shows");
    }

    [Test]
    public void EachWayOfSamplingLearnsForItself()
    {
        var state = New();
        var samplings = new[] { 0f, 0.3f, 1f }.Select(temperature => state.For(SamplingOptions.Greedy with { Temperature = temperature })).ToArray();
        Assert.That(samplings.Distinct().Count(), Is.EqualTo(3));
        Assert.That(state.For(SamplingOptions.Greedy with { Temperature = 0.5f }), Is.SameAs(samplings[1]));
    }

    [Test]
    public void EveryTruncationIsRefusedAndChangesNothing()
    {
        var bytes = Trained().Save();
        var state = New();
        var before = state.Save();
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.That(state.TryLoad(bytes.AsSpan(0, length)), Is.False);
        }

        Assert.That(state.TryLoad([.. bytes, 0]), Is.False, "and so is what is too long");
        Assert.That(state.Save(), Is.EqualTo(before));
        Assert.That(Lengths(state), Is.EqualTo(Lengths(New())));
    }

    [Test]
    public void AFlippedBitIsRefusedOrLeavesValuesThatCouldHaveBeenLearned()
    {
        var bytes = Trained().Save();
        Property.Holds(random =>
        {
            var damaged = bytes.ToArray();
            for (var flips = random.Next(1, 4); flips > 0; flips--)
            {
                damaged[random.Next(damaged.Length)] ^= (byte)random.Next(1, 256);
            }

            var state = New();
            var fresh = state.Save();
            if (!state.TryLoad(damaged))
            {
                Assert.That(state.Save(), Is.EqualTo(fresh), "on false nothing was taken over");
                return;
            }

            var policy = PolicySimulator.Auto(state);
            var simulator = new PolicySimulator(policy, Machine, SimulatedText.Constant(0.7));
            for (var round = 0; round < 20; round++)
            {
                Assert.That(simulator.Play().DraftedCount, Is.InRange(0, 8));
                Assert.That(policy.Explanation.ExpectedMilliseconds, Is.InRange(1e-6, 1e9));
                Assert.That(policy.Explanation.ExpectedAcceptedTokens, Is.InRange(0.0, 8.0));
            }
        }, count: 1000);
    }

    [Test]
    public void NotANumberIsNotLearned() => Property.Holds(random =>
    {
        var bytes = Trained().Save();
        var at = 8 + random.Next(bytes.Length - 20);
        BitConverter.TryWriteBytes(bytes.AsSpan(at), random.Next(2) == 0 ? double.NaN : double.PositiveInfinity);
        var state = New();
        Assert.That(() => state.TryLoad(bytes), Throws.Nothing);
        Assert.That(state.Costs.VerifyMilliseconds(3, 50), Is.InRange(0.01, 1e5));
    });

    [TestCase(0)]
    [TestCase(4)]
    public void AnotherFormatAndAnotherVersionAreRefused(int at)
    {
        var bytes = Trained().Save();
        bytes[at]++;
        Assert.That(New().TryLoad(bytes), Is.False);
    }

    private static AdaptiveState New(bool isCalibrated = true) => new(isCalibrated ? Machine.Profile : null);

    private static AdaptiveState Trained(bool isCalibrated = true)
    {
        var state = New(isCalibrated);
        var real = SimulatedMachine.Of(0.2, 0.3);
        foreach (var temperature in new[] { 0f, 0.4f, 0.9f })
        {
            var context = PolicyProgress.Context with { Adaptive = state, Sampling = SamplingOptions.Greedy with { Temperature = temperature } };
            new PolicySimulator(new AutoPolicy(context), real, SimulatedText.Mixed(0.6)) { Noise = 0.1 }.Lengths(200);
        }

        return state;
    }

    // Leaves the state as it is: a copy plays.
    private static int[] Lengths(AdaptiveState state)
    {
        var copy = New();
        Assert.That(copy.TryLoad(state.Save()), Is.True);
        return new PolicySimulator(PolicySimulator.Auto(copy), Machine, SimulatedText.Mixed(0.5), seed: 9).Lengths(60);
    }
}
