using LlamaSpec.Sampling;
using LlamaSpec.Verification;

namespace LlamaSpec.Tests.Verification;

public class RandomDrawsTests
{
    private static readonly ManagedKernels Kernels = new();

    [Test]
    public void NothingIsAcceptedWithoutProbability() => Property.Holds(random =>
        Assert.That(Draws(random).Accept(random.Next(64), 0, random.NextSingle()), Is.False));

    [Test]
    public void WhatIsCertainIsAccepted() => Property.Holds(random =>
    {
        var probability = random.NextSingle() + 1e-30f;
        Assert.That(Draws(random).Accept(random.Next(64), probability, probability), Is.True);
        Assert.That(Draws(random).Accept(random.Next(64), 0.3, 0.2), Is.True);
    });

    [TestCase(0.25, 1.0)]
    [TestCase(0.2, 0.25)]
    public void AcceptanceHasTheProbabilityOfTheRatio(double numerator, double denominator)
    {
        const int Draws = 20_000;
        var accepted = Enumerable.Range(0, Draws).Count(round => new RandomDraws(Kernels, 42, round).Accept(0, numerator, denominator));
        var ratio = numerator / denominator;
        Assert.That(accepted, Is.EqualTo(Draws * ratio).Within(4 * Math.Sqrt(Draws * ratio * (1 - ratio))));
    }

    [Test]
    public void AcceptTestsAndTokenDrawsUseDifferentNumbers()
    {
        // With a shared number every accepted test would draw from the lower half.
        var halves = new TokenDistribution(2);
        halves.Add(0, 1);
        halves.Add(1, 1);
        var drawn = Enumerable.Range(0, 2000)
            .Select(round => new RandomDraws(Kernels, 42, round))
            .Where(draws => draws.Accept(0, 1, 2))
            .Average(draws => draws.Sample(0, halves));
        Assert.That(drawn, Is.EqualTo(0.5).Within(0.06));
    }

    [Test]
    public void ARoundCanBeReplayed()
    {
        var halves = new TokenDistribution(1000);
        halves.OverwriteAll().Fill(1);
        var token = new RandomDraws(Kernels, 9, 3).Sample(2, halves);
        Assert.That(new RandomDraws(Kernels, 9, 3).Sample(2, halves), Is.EqualTo(token));
        Assert.That(new RandomDraws(Kernels, 9, 4).Sample(2, halves), Is.Not.EqualTo(token));
    }

    private static RandomDraws Draws(Random random) => new(Kernels, (ulong)random.NextInt64(), random.NextInt64());
}
