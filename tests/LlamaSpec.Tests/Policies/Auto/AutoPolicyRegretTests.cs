using LlamaSpec.Policies;
using LlamaSpec.Policies.Auto;

namespace LlamaSpec.Tests.Policies.Auto;

/// <summary>
/// The speed of auto against plain decoding and against the best fixed length, 0 included, which nobody knows beforehand. Speeds
/// leave the luck of the acceptance out. Bounds are what single cells of the grid reach; most are far above them.
/// </summary>
public class AutoPolicyRegretTests
{
    private const int MaximumLength = 8;

    [TestCase(0, 0)]
    [TestCase(0.1, 0.005)]
    public void OnConstantTextItKeepsUpWithTheBestFixedLength(double noise, double spikeShare)
    {
        var shares = new List<double>();
        foreach (var machine in Machines)
        {
            foreach (var acceptance in (double[])[0.1, 0.3, 0.5, 0.7, 0.9, 0.95])
            {
                var text = SimulatedText.Constant(acceptance);
                var simulator = New(machine, text, noise, spikeShare);
                simulator.Speed(300);
                var (best, plain) = (BestFixed(machine, text, 50), Fixed(machine, text, 0, 50));
                var share = simulator.Speed(1700) / best;
                shares.Add(share);
                Assert.That(share, Is.GreaterThan(best > 1.2 * plain ? 0.92 : 0.88), $"{acceptance} {machine}");
            }
        }

        // Single cells miss more where drafting pays by a few percent: an unlucky stretch ends it until a probe.
        shares.Sort();
        Assert.That(shares[shares.Count / 10], Is.GreaterThan(0.97));
        Assert.That(shares[shares.Count / 2], Is.GreaterThan(0.99));
    }

    [TestCase(0, 0)]
    [TestCase(0.1, 0.005)]
    public void FromTheFirstRoundOnItIsNotSlowerThanPlainDecoding(double noise, double spikeShare)
    {
        SimulatedText[] texts =
        [
            .. new[] { 0.05, 0.3, 0.5, 0.6, 0.8, 0.95 }.Select(static acceptance => SimulatedText.Constant(acceptance)),
            SimulatedText.Switching(0.9, 0.1, 150), SimulatedText.Switching(0.6, 0.2, 40), SimulatedText.Mixed(0.3), SimulatedText.Mixed(0.7),
        ];
        foreach (var machine in Machines)
        {
            foreach (var text in texts)
            {
                var share = New(machine, text, noise, spikeShare).Speed(2000) / Fixed(machine, text, 0, 50);
                Assert.That(share, Is.GreaterThan(0.975), $"{Array.IndexOf(texts, text)} {machine}");
            }
        }
    }

    // Acceptance depends on the entropy, which a fixed length cannot see.
    [Test]
    public void OnMixedTextItBeatsTheBestFixedLengthWhereDraftingPays()
    {
        var paying = new List<double>();
        foreach (var machine in Machines)
        {
            foreach (var easyShare in (double[])[0.5, 0.7, 0.85])
            {
                var text = SimulatedText.Mixed(easyShare);
                var simulator = New(machine, text);
                simulator.Speed(300);
                var (best, plain) = (BestFixed(machine, text, 2000), Fixed(machine, text, 0, 50));
                var share = simulator.Speed(2000) / best;
                Assert.That(share, Is.GreaterThan(best > 1.2 * plain ? 0.975 : 0.93), $"{easyShare} {machine}");
                if (best > 1.2 * plain)
                {
                    paying.Add(share);
                }
            }
        }

        paying.Sort();
        Assert.That(paying[paying.Count / 10], Is.GreaterThan(1));
        Assert.That(paying.Average(), Is.GreaterThan(1.03));
    }

    // Keeping up with the text costs a half percent of plain decoding here, so probes can afford it.
    [TestCase(0.9, 0.1, 40)]
    [TestCase(0.9, 0.1, 150)]
    [TestCase(0.9, 0.1, 600)]
    [TestCase(0.1, 0.9, 600)]
    [TestCase(0.95, 0.6, 150)]
    public void OnTextThatSwitchesItKeepsUpWithTheBestFixedLength(double first, double second, int rounds)
    {
        var machine = SimulatedMachine.Of(0.05, 0.05);
        var text = SimulatedText.Switching(first, second, rounds);
        var simulator = New(machine, text);
        simulator.Speed(1200);
        Assert.That(simulator.Speed(2400), Is.GreaterThan(0.97 * BestFixed(machine, text, 2400)));
    }

    // On other machines it is late now and then: a probe finds a stretch of easy text only when it has begun. The usual case does not lose.
    [TestCase(40, 0.95)]
    [TestCase(150, 0.78)]
    [TestCase(600, 0.78)]
    public void OnTextThatSwitchesTheUsualMachineKeepsUpOrGains(int rounds, double least)
    {
        var shares = new List<double>();
        foreach (var machine in Machines.Where(static machine => machine.PassMilliseconds == 0.05 * SimulatedMachine.RowMilliseconds))
        {
            foreach (var (first, second) in new[] { (0.9, 0.1), (0.1, 0.9), (0.8, 0.4), (0.95, 0.6) })
            {
                var text = SimulatedText.Switching(first, second, rounds);
                var simulator = New(machine, text);
                simulator.Speed(1200);
                shares.Add(simulator.Speed(2400) / BestFixed(machine, text, 2400));
            }
        }

        shares.Sort();
        Assert.That(shares[0], Is.GreaterThan(least));
        Assert.That(shares[shares.Count / 2], Is.GreaterThan(rounds < 600 ? 1 : 0.99));
    }

    [TestCase(0.0, 0.0)]
    [TestCase(0.05, 0.002)]
    public void WithoutAProfileItIsNotMuchSlowerEither(double noise, double spikeShare)
    {
        foreach (var machine in Machines)
        {
            foreach (var acceptance in (double[])[0.1, 0.5, 0.9])
            {
                var text = SimulatedText.Constant(acceptance);
                var simulator = new PolicySimulator(PolicySimulator.Auto(new AdaptiveState()), machine, text) { Noise = noise, SpikeShare = spikeShare };
                Assert.That(simulator.Speed(2000) / Fixed(machine, text, 0, 50), Is.GreaterThan(0.95), $"{acceptance} {machine}");
            }
        }
    }

    private static IEnumerable<SimulatedMachine> Machines =>
        from shape in Enum.GetValues<SimulatedMachine.Shape>()
        from pass in (double[])[0.05, 0.15, 0.5, 1.5]
        from slope in (double[])[0.02, 0.1, 0.4, 1]
        select SimulatedMachine.Of(pass, slope, shape);

    private static PolicySimulator New(SimulatedMachine machine, SimulatedText text, double noise = 0, double spikeShare = 0) =>
        new(PolicySimulator.Auto(new AdaptiveState(machine.Profile), MaximumLength), machine, text, seed: 7) { Noise = noise, SpikeShare = spikeShare };

    private static double Fixed(SimulatedMachine machine, SimulatedText text, int length, int rounds) =>
        new PolicySimulator(new FixedLengthPolicy(length), machine, text, seed: 5).Speed(rounds);

    private static double BestFixed(SimulatedMachine machine, SimulatedText text, int rounds) =>
        Enumerable.Range(0, MaximumLength + 1).Max(length => Fixed(machine, text, length, rounds));
}
