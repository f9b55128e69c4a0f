using LlamaSpec.Policies;
using LlamaSpec.Policies.Auto;

namespace LlamaSpec.Tests.Policies.Auto;

public class AcceptanceEstimatorTests
{
    [Test]
    public void APairThatNothingIsKnownAboutIsExpectedToAgreeHalfOfTheTime()
    {
        var estimator = new AcceptanceEstimator();
        Assert.That(estimator.BeforeFirstPass(1, PreviousRound.Plain), Is.EqualTo(0.55).Within(1e-12));
        Assert.That(estimator.BeforeNextPass(1, 1), Is.EqualTo(0.55).Within(1e-12));
        Assert.That(estimator.FurtherAhead, Is.EqualTo(0.55).Within(1e-12));

        // AdaEDL's bound in the middle of the bin: 1 - 0.85 * sqrt(0.2).
        Assert.That(estimator.AfterPass(0.8, 0), Is.EqualTo(1 - (0.85 * Math.Sqrt(0.2))).Within(1e-12));
    }

    [Test]
    public void AHandfulOfTokensOverrulesThePrior()
    {
        var estimator = new AcceptanceEstimator();
        for (var i = 0; i < 8; i++)
        {
            estimator.AddFirst(0.5, PreviousRound.Rejected, 0);
            estimator.AddKnown(0.5, 0, 0);
        }

        Assert.That(estimator.BeforeFirstPass(0.5, PreviousRound.Rejected), Is.LessThan(0.15));
        Assert.That(estimator.BeforeFirstPass(0.5, PreviousRound.Accepted), Is.LessThan(0.25), "other situations of the same pair follow");
        Assert.That(estimator.AfterPass(0.5, 0), Is.LessThan(0.15));
    }

    [Test]
    public void EstimatesConvergeToTheTruthOfEachEntropy()
    {
        var random = new Random(4);
        var estimator = new AcceptanceEstimator();
        for (var i = 0; i < 20_000; i++)
        {
            var entropy = 4 * random.NextDouble();
            estimator.AddKnown(entropy, i % 6, random.NextDouble() < Truth(entropy) ? 1 : 0);
        }

        foreach (var entropy in (double[])[0.35, 0.75, 1.5, 2.8])
        {
            Assert.That(estimator.AfterPass(entropy, 0), Is.EqualTo(Truth(entropy)).Within(0.1));
            Assert.That(estimator.AfterPass(entropy, 5), Is.EqualTo(Truth(entropy)).Within(0.1));
        }
    }

    [Test]
    public void MoreEntropyIsNeverAcceptedMoreOftenAfterWhateverWasSeen() => Property.Holds(random =>
    {
        var estimator = new AcceptanceEstimator();
        for (var i = random.Next(300); i > 0; i--)
        {
            var entropy = 5 * random.NextDouble();
            estimator.AddFirst(entropy, (PreviousRound)random.Next(4), random.NextDouble());
            estimator.AddNext(entropy, random.Next(1, 9), random.NextDouble());
            estimator.AddKnown(entropy, random.Next(9), random.Next(2));
        }

        var entropies = Enumerable.Range(0, 30).Select(_ => 6 * random.NextDouble()).Order().ToArray();
        var position = random.Next(1, 9);
        AssertFalling(entropies.Select(entropy => estimator.AfterPass(entropy, position)));
        AssertFalling(entropies.Select(entropy => estimator.BeforeNextPass(entropy, position)));
        AssertFalling(entropies.Select(entropy => estimator.BeforeFirstPass(entropy, PreviousRound.Partly)));
    });

    // Drafts of four, always rejected at the second token: the third and fourth were never tested, and say nothing.
    [Test]
    public void WhatFollowsARejectionIsNotCounted()
    {
        var learned = new AcceptanceEstimator();
        var acceptance = new RequestAcceptance(learned, 8);
        for (var round = 0; round < 50; round++)
        {
            acceptance.Begin();
            for (var i = 0; i < 4; i++)
            {
                acceptance.Known(0.5, i);
            }

            acceptance.Learn(PolicyProgress.Round(4, 1) with { AcceptanceProbabilities = new double[] { 1, 0 }, TargetEntropy = 0.5 });
        }

        Assert.That(learned.AfterPass(0.5, 0), Is.GreaterThan(0.85));
        Assert.That(learned.AfterPass(0.5, 1), Is.LessThan(0.1));
        Assert.That(learned.AfterPass(0.5, 3), Is.InRange(0.3, 0.7), "the pair's average so far, not 0");
    }

    [Test]
    public void ARequestsOwnTextCountsAndIsForgottenWhileItGoesOnPlainly()
    {
        var learned = new AcceptanceEstimator();
        for (var i = 0; i < 400; i++)
        {
            learned.AddKnown(0.5, 0, i % 2);
            learned.AddFirst(0.5, PreviousRound.Plain, i % 2);
        }

        var acceptance = new RequestAcceptance(learned, 8);
        var usual = acceptance.FurtherAhead;
        for (var round = 0; round < 40; round++)
        {
            acceptance.Known(0.5, 0);
            acceptance.Learn(PolicyProgress.Round(1, 0) with { AcceptanceProbabilities = new double[] { 0 }, TargetEntropy = 0.5 });
        }

        var relative = acceptance.FurtherAhead / learned.FurtherAhead;
        Assert.That(relative, Is.LessThan(0.65), "this text is harder than the pair's others");
        for (var round = 0; round < 150; round++)
        {
            acceptance.Begin();
            acceptance.Learn(PolicyProgress.Round(0, 0));
        }

        Assert.That(acceptance.FurtherAhead / learned.FurtherAhead, Is.EqualTo(1).Within(0.03));
        Assert.That(usual, Is.EqualTo(0.5).Within(0.05));
    }

    private static double Truth(double entropy) => Math.Max(0.05, 1 - (0.5 * Math.Sqrt(entropy)));

    private static void AssertFalling(IEnumerable<double> estimates) => Assert.That(estimates, Is.Ordered.Descending.And.All.InRange(0.0, 1.0));
}
