using LlamaSpec.Drafting;
using LlamaSpec.Policies;
using LlamaSpec.Policies.Auto;
using LlamaSpec.Sampling;

namespace LlamaSpec.Tests.Policies.Auto;

/// <summary>Tokens beside the main path, by the same price as the others.</summary>
public class AutoTreeTests
{
    private static readonly SimulatedText Text = SimulatedText.WithSibling(acceptance: 0.65, siblingProbability: 0.25, siblingAcceptance: 0.2);

    [TestCase(0.05, 0.005)]
    [TestCase(0.3, 0.005)]
    [TestCase(0.3, 0.02)]
    [TestCase(0.05, 0.03)]
    public void WhereRowsAreNearlyFreeTreesAreFasterThanChains(double pass, double slope)
    {
        foreach (var shape in Enum.GetValues<SimulatedMachine.Shape>())
        {
            var machine = SimulatedMachine.Of(pass, slope, shape);
            var (trees, chains) = (Speed(machine, Text, allowsTrees: true), Speed(machine, Text, allowsTrees: false));
            TestContext.Out.WriteLine($"{machine}: {trees / chains:0.000}");
            Assert.That(trees / chains, Is.GreaterThan(1.01), machine.ToString());
        }
    }

    [Test]
    public void TreesAreNotSlowerThanChainsAnywhere()
    {
        foreach (var shape in Enum.GetValues<SimulatedMachine.Shape>())
        {
            foreach (var (pass, slope) in new[] { (0.05, 0.1), (0.15, 0.1), (0.15, 0.4), (0.5, 0.1), (0.5, 0.4), (0.05, 1) })
            {
                foreach (var (acceptance, probability, taken) in new[] { (0.65, 0.25, 0.2), (0.8, 0.1, 0.1), (0.5, 0.3, 0.1), (0.9, 0.05, 0.05) })
                {
                    var machine = SimulatedMachine.Of(pass, slope, shape);
                    var text = SimulatedText.WithSibling(acceptance, probability, taken);
                    var (trees, chains) = (Speed(machine, text, allowsTrees: true), Speed(machine, text, allowsTrees: false));
                    Assert.That(trees / chains, Is.GreaterThan(0.985), $"{acceptance} {probability} {machine}");
                }
            }
        }
    }

    [Test]
    public void WhereRowsAreDearTheDraftsAreThoseOfChains()
    {
        var machine = SimulatedMachine.Of(0.05, 0.4);
        var (trees, chains) = (New(machine, Text, allowsTrees: true), New(machine, Text, allowsTrees: false));
        for (var round = 0; round < 500; round++)
        {
            var (tree, chain) = (trees.Play(), chains.Play());
            Assert.That(tree, Is.EqualTo(chain));
            Assert.That(tree.SiblingCount, Is.Zero);
        }
    }

    [Test]
    public void WhatTheDraftOverratesIsLearned()
    {
        // The second token looks like a quarter, and is never taken.
        var machine = SimulatedMachine.Of(0.1, 0.08);
        var simulator = New(machine, SimulatedText.WithSibling(0.6, 0.25, 0), allowsTrees: true);
        var first = Enumerable.Range(0, 20).Sum(_ => simulator.Play().SiblingCount);
        for (var round = 0; round < 300; round++)
        {
            simulator.Play();
        }

        Assert.That(first, Is.GreaterThan(5));
        Assert.That(Enumerable.Range(0, 100).Sum(_ => simulator.Play().SiblingCount), Is.LessThan(5));
    }

    [Test]
    public void ARoundWithATreeSaysOfTheMainPathWhatAChainWouldHaveSaid()
    {
        var request = new RequestTree(new SiblingAcceptance(), isGreedy: true, maximumDraftLength: 8);
        var tree = new TokenTree(8, 10);
        tree.Add(TokenTree.Anchor, 1, 0.6f, isSampled: false);
        tree.Add(0, 2, 0.6f, isSampled: false);
        tree.Add(1, 3, 0.6f, isSampled: false);
        var sibling = tree.Add(0, 4, 0.3f, isSampled: false);
        var outcome = new RoundOutcome { Tree = tree, DraftedCount = 4, DraftedDepth = 3, MaximumLength = 8, AcceptedCount = 0 };

        AssertSays(outcome with { LastNode = sibling, AcceptedCount = 2 }, accepted: 1, [1, 0]);
        AssertSays(outcome with { LastNode = 2, AcceptedCount = 3 }, accepted: 3, [1, 1, 1]);
        AssertSays(outcome with { LastNode = TokenTree.Anchor }, accepted: 0, [0]);
        AssertSays(outcome with { LastNode = 1, AcceptedCount = 2 }, accepted: 2, [1, 1, 0]);

        void AssertSays(in RoundOutcome round, int accepted, double[] labels)
        {
            var chain = request.Learn(round);
            Assert.That((chain.DraftedCount, chain.AcceptedCount), Is.EqualTo((3, accepted)));
            Assert.That(chain.AcceptanceProbabilities.ToArray(), Is.EqualTo(labels));
        }
    }

    [Test]
    public void AboveTemperatureZeroDraftsAreChains()
    {
        var context = PolicyProgress.Context with { Sampling = new SamplingOptions(), Adaptive = new(SimulatedMachine.Of(0.05, 0.005).Profile) };
        var policy = new AutoPolicy(context);
        Assert.That(policy.BeforePass(PolicyProgress.After(0) with { BatchRows = 1, MissingRows = 1, RemainingTokens = 100 }), Is.True);
        Assert.That(policy.TreeWidth, Is.EqualTo(1));
    }

    private static double Speed(SimulatedMachine machine, SimulatedText text, bool allowsTrees)
    {
        var simulator = New(machine, text, allowsTrees);
        simulator.Speed(200);
        return simulator.Speed(1500);
    }

    private static PolicySimulator New(SimulatedMachine machine, SimulatedText text, bool allowsTrees) =>
        new(PolicySimulator.Auto(new AdaptiveState(machine.Profile)), machine, text, seed: 7) { AllowsTrees = allowsTrees };
}
