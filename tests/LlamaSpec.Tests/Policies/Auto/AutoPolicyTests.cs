using LlamaSpec.Policies;
using LlamaSpec.Policies.Auto;

namespace LlamaSpec.Tests.Policies.Auto;

public class AutoPolicyTests
{
    [Test]
    public void DraftingThatNeverSucceedsEndsWithinThirtyRoundsAndTheReasonIsGiven()
    {
        var policy = New(SimulatedMachine.Of(0.2, 0.1));
        var lengths = new PolicySimulator(policy, SimulatedMachine.Of(0.2, 0.1), SimulatedText.Constant(1e-9)).Lengths(600);
        Assert.That(lengths[30..].Count(static length => length > 0), Is.LessThan(25), "probes");
        Assert.That(policy.DisabledReason, Does.StartWith("drafting does not pay here"));
    }

    [Test]
    public void DearRowsGiveNoDraft()
    {
        var machine = SimulatedMachine.Of(0.5, 1);
        var lengths = new PolicySimulator(New(machine), machine, SimulatedText.Constant(0.9)).Lengths(600);
        Assert.That(lengths[30..].Count(static length => length > 0), Is.LessThan(25));
    }

    [Test]
    public void TextThatBecomesEasyIsFoundWithinSixHundredRounds()
    {
        var machine = SimulatedMachine.Of(0.05, 0.05);
        var simulator = new PolicySimulator(New(machine), machine, SimulatedText.Constant(1e-9));
        simulator.Lengths(500);
        simulator.Text = SimulatedText.Constant(0.9);
        simulator.Lengths(600);
        Assert.That(simulator.Lengths(100).Average(), Is.GreaterThan(4));
    }

    [Test]
    public void RowsThatBecomeCheapAreFoundWithinAThousandRounds()
    {
        var machine = SimulatedMachine.Of(0.05, 1.2);
        var simulator = new PolicySimulator(New(machine), machine, SimulatedText.Constant(0.95));
        Assert.That(simulator.Lengths(300)[50..].Average(), Is.LessThan(0.3));
        simulator.Machine = SimulatedMachine.Of(0.05, 0.02);
        simulator.Lengths(1000);
        Assert.That(simulator.Lengths(100).Average(), Is.GreaterThan(3));
    }

    [Test]
    public void MoreEntropyNeverLengthensADraft() => Property.Holds(random =>
    {
        var machine = Any(random);
        var trained = new AdaptiveState(machine.Profile);
        new PolicySimulator(PolicySimulator.Auto(trained), machine, SimulatedText.Mixed(random.NextDouble()), random.Next()).Lengths(random.Next(150));
        var bytes = trained.Save();
        var entropies = Enumerable.Range(0, 8).Select(_ => 3 * random.NextDouble() * random.NextDouble()).ToArray();
        var at = random.Next(8);
        var shorter = Length(machine, bytes, entropies);
        entropies[at] += 2 * random.NextDouble();
        Assert.That(Length(machine, bytes, entropies), Is.LessThanOrEqualTo(shorter));
    });

    [Test]
    public void ADearerPassAndASteeperSlopeNeverLengthenADraft() => Property.Holds(random =>
    {
        var (pass, slope) = (0.01 + random.NextDouble(), 0.5 * random.NextDouble());
        var entropies = Enumerable.Range(0, 8).Select(_ => 2 * random.NextDouble() * random.NextDouble()).ToArray();
        var cheap = Length(SimulatedMachine.Of(pass, slope), [], entropies);
        var dear = Length(SimulatedMachine.Of(pass + random.NextDouble(), slope), [], entropies);
        var steep = Length(SimulatedMachine.Of(pass, slope + random.NextDouble()), [], entropies);
        Assert.That(dear, Is.LessThanOrEqualTo(cheap));
        Assert.That(steep, Is.LessThanOrEqualTo(cheap));
    });

    [Test]
    public void LengthsShrinkAsSlotsFillOnASteepCurve()
    {
        // Rows are free up to eight, then each costs half of plain decoding.
        var machine = new SimulatedMachine(static rows => 10 + (5 * Math.Max(0, rows - 8)), 0.5);
        var lengths = new List<double>();
        foreach (var others in (int[])[0, 1, 3, 7])
        {
            var simulator = new PolicySimulator(New(machine), machine, SimulatedText.Constant(0.8)) { OtherRequests = others, DraftedByOthers = others == 1 ? 3 : 1 };
            lengths.Add(simulator.Lengths(400)[100..].Average());
        }

        Assert.That(lengths, Is.Ordered.Descending);
        Assert.That(lengths[0], Is.GreaterThan(4));
        Assert.That(lengths[^1], Is.LessThan(0.3), "saturated");
    }

    // A millisecond is worth the tokens of all requests of the step: the row that costs 0.1 tokens alone costs 0.47 among eight.
    [TestCase(0, 0.8, 2.0)]
    [TestCase(7, 0.0, 0.3)]
    public void TheTimeOfAStepIsThatOfAllItsRequests(int others, double least, double most)
    {
        var machine = SimulatedMachine.Of(0.2, 0.1);
        var simulator = new PolicySimulator(New(machine), machine, SimulatedText.Constant(0.5)) { OtherRequests = others };
        Assert.That(simulator.Lengths(600)[100..].Average(), Is.InRange(least, most));
    }

    [Test]
    public void TheLengthOutlastsAMachineThatSlowsDownAsAWhole()
    {
        var machine = SimulatedMachine.Of(0.1, 0.1);
        var simulator = new PolicySimulator(New(machine), machine, SimulatedText.Constant(0.8));
        var before = simulator.Lengths(400)[100..].Average();
        simulator.Machine = machine.Slower(3);
        Assert.That(simulator.Lengths(400).Average(), Is.EqualTo(before).Within(0.7));
    }

    [Test]
    public void ADraftThatLagsFarBehindIsCaughtUpOnlyWhereEnoughTokensRemain()
    {
        var machine = SimulatedMachine.Of(0.05, 0.02) with { MissingRowMilliseconds = 0.1 };
        var start = PolicyProgress.After(0) with { BatchRows = 1, MissingRows = 1000, RemainingTokens = 1000 };

        // 1000 rows are ten rounds of plain decoding.
        Assert.That(New(machine).BeforePass(start), Is.True);
        Assert.That(New(machine).BeforePass(start with { RemainingTokens = 8 }), Is.False);
        Assert.That(New(machine).BeforePass(start with { RemainingTokens = 8, MissingRows = 1 }), Is.True);
    }

    [Test]
    public void WithoutAProfileTheFirstRoundIsPlain()
    {
        var simulator = new PolicySimulator(PolicySimulator.Auto(new AdaptiveState()), SimulatedMachine.Of(0.1, 0.1), SimulatedText.Constant(0.8));
        var lengths = simulator.Lengths(20);
        Assert.That(lengths[0], Is.Zero);
        Assert.That(lengths.Count(static length => length == 0), Is.InRange(3, 10), "plain decoding is timed between drafts");
    }

    [Test]
    public void WhatIsExpectedOfARoundIsWhatComes()
    {
        var machine = SimulatedMachine.Of(0.1, 0.1);
        var policy = New(machine);
        var simulator = new PolicySimulator(policy, machine, SimulatedText.Constant(0.7));
        simulator.Lengths(500);
        var (expectedTokens, tokens, expectedTime, time) = (0.0, 0.0, 0.0, 0.0);
        var recorder = new RecordingPolicy(policy);
        simulator = new PolicySimulator(recorder, machine, SimulatedText.Constant(0.7), seed: 2);
        for (var round = 0; round < 1000; round++)
        {
            simulator.Play();
            expectedTokens += recorder.Expected.ExpectedAcceptedTokens;
            expectedTime += recorder.Expected.ExpectedMilliseconds;
            tokens += simulator.LastOutcome.AcceptedCount;
            time += simulator.LastOutcome.StepMilliseconds;
        }

        Assert.That(expectedTokens / tokens, Is.EqualTo(1).Within(0.05));
        Assert.That(expectedTime / time, Is.EqualTo(1).Within(0.02));
    }

    private static AutoPolicy New(SimulatedMachine machine) => PolicySimulator.Auto(new AdaptiveState(machine.Profile));

    private static SimulatedMachine Any(Random random) =>
        SimulatedMachine.Of(0.02 + (0.4 * random.NextDouble()), 0.3 * random.NextDouble(), (SimulatedMachine.Shape)random.Next(3));

    // The draft of one round of a fresh request.
    private static int Length(SimulatedMachine machine, byte[] learned, double[] entropies)
    {
        var state = new AdaptiveState(machine.Profile);
        Assert.That(state.TryLoad(learned) || learned.Length == 0, Is.True);
        var index = 0;
        return new PolicySimulator(PolicySimulator.Auto(state), machine, new SimulatedText((_, _) => new SimulatedPosition(entropies[index++], 0.5))).Play().DraftedCount;
    }
}
