using LlamaSpec.Policies;

namespace LlamaSpec.Tests.Policies;

/// <summary>What holds for every policy, whatever happens to it.</summary>
public class EveryPolicyTests
{
    public static IEnumerable<string> Names => PolicyChoice.Named.Select(static choice => choice.Name).Append("fixed:4").Append("adaedl:0.7");

    [TestCaseSource(nameof(Names))]
    public void AnyOutcomeLeavesItWithinItsLimits(string name) => Property.Holds(random =>
    {
        var maximumLength = random.Next(1, 65);
        var policy = PolicyChoice.Parse(name).Create(PolicyProgress.Context with { MaximumDraftLength = maximumLength });
        var machine = new SimulatedMachine(_ => AnyTime(random), AnyTime(random)) { OverheadMilliseconds = AnyTime(random), MissingRowMilliseconds = AnyTime(random) };
        var kind = random.Next(3);
        var text = new SimulatedText((_, generator) => new SimulatedPosition(
            generator.Next(4) == 0 ? 0 : 20 * generator.NextDouble(), kind switch { 0 => 0, 1 => 1, _ => generator.NextDouble() }));
        var simulator = new PolicySimulator(policy, machine, text, random.Next()) { MaximumLength = maximumLength, OtherRequests = random.Next(3), SpikeShare = 0.1 };
        for (var round = 0; round < 60; round++)
        {
            var played = simulator.Play();
            Assert.That(played.DraftedCount, Is.InRange(0, maximumLength));
            var explanation = policy.Explanation;
            Assert.That(explanation.Reason is null || double.IsFinite(explanation.ExpectedAcceptedTokens), Is.True);
            Assert.That(Length(policy) ?? 0, Is.InRange(0, maximumLength + 5));
        }
    }, count: 100);

    [TestCaseSource(nameof(Names))]
    public void TheSameHistoryGivesTheSameDrafts(string name)
    {
        var (first, second) = (NoisyRun(name), NoisyRun(name));
        Assert.That(second, Is.EqualTo(first));
    }

    // Drafts whose first five tokens always survive, and no more: constant outcomes.
    [TestCase("auto")]
    [TestCase("hillclimb")]
    [TestCase("expected-throughput")]
    public void ConstantInputGivesAConstantLengthButForProbes(string name)
    {
        var survives = 0;
        var policy = PolicyChoice.Parse(name).Create(PolicyProgress.Context with { Adaptive = new(SimulatedMachine.Of(0.1, 0.1).Profile) });
        var text = new SimulatedText((_, _) => new SimulatedPosition(survives++ < 5 ? 0.05 : 4, survives <= 5 ? 1 : 0));
        var simulator = new PolicySimulator(policy, SimulatedMachine.Of(0.1, 0.1), text);
        var lengths = new List<int>();
        for (var round = 0; round < 2400; round++)
        {
            survives = 0;
            lengths.Add(simulator.Play().DraftedCount);
        }

        var settled = lengths.Skip(1800).ToList();
        var usual = settled.Order().ElementAt(settled.Count / 2);
        Assert.That(usual, Is.InRange(4, 6));
        Assert.That(settled.Count(length => Math.Abs(length - usual) <= 1), Is.GreaterThan(settled.Count * 0.95));
    }

    private static int[] NoisyRun(string name) => new PolicySimulator(
        PolicyChoice.Parse(name).Create(PolicyProgress.Context), SimulatedMachine.Of(0.1, 0.1), SimulatedText.Mixed(0.6)) { Noise = 0.1 }.Lengths(300);

    private static int? Length(IDraftLengthPolicy policy) => policy switch
    {
        HeuristicPolicy heuristic => heuristic.Length,
        HillClimbPolicy climb => climb.Length,
        ExpectedThroughputPolicy throughput => throughput.Length,
        _ => null,
    };

    private static double AnyTime(Random random) => random.Next(6) switch
    {
        0 => 0,
        1 => 1e-12,
        2 => 1e12,
        _ => 20 * random.NextDouble(),
    };
}
