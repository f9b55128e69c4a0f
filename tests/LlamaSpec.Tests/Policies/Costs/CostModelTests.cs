using LlamaSpec.Policies;
using LlamaSpec.Policies.Costs;

namespace LlamaSpec.Tests.Policies.Costs;

public class CostModelTests
{
    private static readonly SimulatedMachine Machine = SimulatedMachine.Of(pass: 0.2, slope: 0.1);

    [Test]
    public void BeforeObservationsTheProfileIsReproduced()
    {
        var costs = new CostModel(Machine.Profile);
        Assert.That(Enumerable.Range(1, 20).Select(rows => costs.VerifyMilliseconds(rows, 50)), Is.EqualTo(Enumerable.Range(1, 20).Select(Machine.Verify)));
        Assert.That(costs.FirstPassMilliseconds(3, 1), Is.EqualTo(2.4).Within(1e-12), "a pass of 2 ms and two more rows of 0.2");
        Assert.That(costs.NextPassMilliseconds(1), Is.EqualTo(2).Within(1e-12));
        Assert.That(costs.NextPassMilliseconds(4), Is.EqualTo((2 + (3 * 0.2)) / 4).Within(1e-12), "shared by four");
        Assert.That(costs.PlainMilliseconds(1, 50), Is.EqualTo(10.05).Within(1e-12));
        Assert.That(costs.WantsPlainStep(1), Is.False);
    }

    [Test]
    public void AMachineThatSlowsDownAsAWholeChangesNoRelativePrice()
    {
        var costs = new CostModel(Machine.Profile);
        Watch(costs, Machine, 200, Mixed);
        Watch(costs, Machine.Slower(2), 200, Mixed);
        Assert.That(costs.VerifyMilliseconds(1, 50), Is.EqualTo(20).Within(0.4));
        foreach (var rows in (int[])[2, 3, 5, 9, 17])
        {
            Assert.That(Ratio(costs, rows), Is.EqualTo(Machine.Verify(rows) / Machine.Verify(1)).Within(2).Percent);
        }

        Assert.That(costs.NextPassMilliseconds(1) / costs.VerifyMilliseconds(1, 50), Is.EqualTo(0.2).Within(2).Percent);
    }

    [Test]
    public void AMachineThatSlowsDownDuringPlainDecodingMakesRowsNoCheaper()
    {
        var costs = new CostModel(Machine.Profile);
        Watch(costs, Machine.Slower(2), 300, static _ => 0);
        Assert.That(costs.VerifyMilliseconds(1, 50), Is.EqualTo(20).Within(0.2));
        Assert.That(Ratio(costs, 5), Is.EqualTo(1.4).Within(1e-9));
    }

    [Test]
    public void ANewPaceIsFollowedWithinTwentyRounds()
    {
        var costs = new CostModel(Machine.Profile);
        Watch(costs, Machine.Slower(2), 20, Mixed);
        Assert.That(costs.VerifyMilliseconds(1, 50), Is.InRange(17, 21));
    }

    [Test]
    public void ANumberOfRowsThatIsDearerThanCalibratedIsLearnedAndTheOthersKeepTheirPrice()
    {
        var costs = new CostModel(Machine.Profile);
        var real = Machine with { Verify = static rows => Machine.Verify(rows) * (rows == 4 ? 1.5 : 1) };
        Watch(costs, real, 600, Mixed);
        Assert.That(Ratio(costs, 4), Is.EqualTo(real.Verify(4) / real.Verify(1)).Within(8).Percent);
        Assert.That(Ratio(costs, 2), Is.EqualTo(real.Verify(2) / real.Verify(1)).Within(5).Percent);
        Assert.That(Ratio(costs, 3), Is.EqualTo(real.Verify(3) / real.Verify(1)).Within(5).Percent);
    }

    [Test]
    public void ADearerDraftIsLearned()
    {
        var costs = new CostModel(Machine.Profile);
        Watch(costs, Machine with { PassMilliseconds = 3 }, 400, static round => round % 4);
        Assert.That(costs.NextPassMilliseconds(1), Is.EqualTo(3).Within(8).Percent);
    }

    [Test]
    public void SpikesDoLittle()
    {
        var costs = new CostModel(Machine.Profile);
        Watch(costs, Machine, 1000, Mixed, spikeShare: 0.01);
        foreach (var rows in (int[])[1, 2, 3, 4])
        {
            Assert.That(costs.VerifyMilliseconds(rows, 50), Is.EqualTo(Machine.Verify(rows)).Within(8).Percent);
        }
    }

    [Test]
    public void OneSpikeMovesThePaceByThreePercent()
    {
        var costs = new CostModel(Machine.Profile);
        Observe(costs, Machine.Slower(30), 2);
        Assert.That(costs.VerifyMilliseconds(1, 50), Is.EqualTo(10 * Math.Exp(0.03)).Within(1e-9));
    }

    [Test]
    public void WithoutAProfileThePricesAreFoundAllTheSame()
    {
        var costs = new CostModel();
        Assert.That(costs.WantsPlainStep(1), Is.True, "nobody knows yet what plain decoding takes");
        var real = SimulatedMachine.Of(pass: 0.4, slope: 0.3).Slower(0.7);
        Watch(costs, real, 400, Mixed);
        foreach (var rows in (int[])[1, 2, 3, 4])
        {
            Assert.That(costs.VerifyMilliseconds(rows, 50), Is.EqualTo(real.Verify(rows)).Within(5).Percent);
        }

        Assert.That(costs.NextPassMilliseconds(1), Is.EqualTo(2.8).Within(10).Percent);
        Assert.That(costs.WantsPlainStep(1), Is.False);
    }

    [Test]
    public void AFirstRoundThatIsASpikeIsOvercome()
    {
        var costs = new CostModel();
        Observe(costs, Machine.Slower(30), 0);
        Watch(costs, Machine, 150, Mixed);
        Assert.That(costs.VerifyMilliseconds(1, 50), Is.EqualTo(10).Within(10).Percent);
    }

    [Test]
    public void PlainDecodingIsLookedAtAgainAfterTwoHundredAndFiftySixRounds()
    {
        var costs = new CostModel(Machine.Profile);
        Watch(costs, Machine, 255, static _ => 3);
        Assert.That(costs.WantsPlainStep(1), Is.False);
        Watch(costs, Machine, 1, static _ => 3);
        Assert.That(costs.WantsPlainStep(1), Is.True);
        Watch(costs, Machine, 1, static _ => 0);
        Assert.That(costs.WantsPlainStep(1), Is.False);
    }

    // A pass takes 3 ms and each further request in it 2 ms: neither is what a guess says.
    [TestCase(true)]
    [TestCase(false)]
    public void PricesAreFoundInTheStepsOfSeveralRequestsToo(bool hasProfile)
    {
        var costs = new CostModel(hasProfile ? Machine.Profile : null);
        for (var step = 1; step <= 400; step++)
        {
            Observe(costs, step, requests: 4, drafting: step % 3 == 0 ? 0 : 1 + (step % 4), passes: 1 + (step % 3));
        }

        Assert.That(costs.PlainMilliseconds(4, 50), Is.EqualTo(Machine.Verify(4)).Within(3).Percent);
        Assert.That(4 * costs.NextPassMilliseconds(4), Is.EqualTo(3 + (3 * 2)).Within(5).Percent, "shared by four");
        Assert.That(costs.NextPassMilliseconds(4, sharing: 1), Is.EqualTo(3).Within(5).Percent, "by one of them");
        Assert.That(costs.RowsMilliseconds(4, 2, 50, requests: 4), Is.EqualTo(Machine.Verify(6) - Machine.Verify(4)).Within(10).Percent);
    }

    [Test]
    public void AStepIsLearnedFromOnce()
    {
        var (once, often) = (new CostModel(), new CostModel());
        for (var step = 1; step <= 50; step++)
        {
            Observe(once, step, requests: 4, drafting: step % 5, passes: 2);
            for (var round = 0; round < 4; round++)
            {
                Observe(often, step, requests: 4, drafting: step % 5, passes: 2);
            }
        }

        Assert.That(often.VerifyMilliseconds(4, 50), Is.EqualTo(once.VerifyMilliseconds(4, 50)));
        Assert.That(often.NextPassMilliseconds(4), Is.EqualTo(once.NextPassMilliseconds(4)));
        Assert.That(often.WantsPlainStep(4), Is.EqualTo(once.WantsPlainStep(4)));
    }

    [Test]
    public void ALookAmongRequestsThatDraftWhateverItCostsIsMadeOnceAndNotForEver()
    {
        var costs = new CostModel();
        Assert.That(costs.WantsPlainStep(4), Is.True);
        Observe(costs, step: 1, requests: 4, drafting: 1, passes: 2, isDrafting: false);
        Assert.That(costs.WantsPlainStep(4), Is.False);
    }

    [Test]
    public void WhatSeveralTeachOfAPassIsWhereARequestAloneStarts()
    {
        var costs = new CostModel();
        for (var step = 1; step <= 100; step++)
        {
            Observe(costs, step, requests: 4, drafting: step % 5, passes: 1 + (step % 3));
        }

        Assert.That(costs.NextPassMilliseconds(1), Is.EqualTo(3).Within(10).Percent);
    }

    [Test]
    public void StepsWithPromptRowsAndThoseWithoutATimeTeachNothing()
    {
        var costs = new CostModel(Machine.Profile);
        for (var round = 0; round < 50; round++)
        {
            costs.Observe(Outcome(Machine.Slower(5), 3) with { PromptRows = 7 });
            costs.Observe(Outcome(Machine.Slower(5), 3) with { VerifyMilliseconds = 0 });
        }

        Assert.That(costs.VerifyMilliseconds(4, 50), Is.EqualTo(Machine.Verify(4)));
    }

    [Test]
    public void AnyTimesLeaveFinitePositivePrices() => Property.Holds(random =>
    {
        var costs = new CostModel(random.Next(2) == 0 ? null : Machine.Profile);
        for (var round = 0; round < 100; round++)
        {
            Observe(costs, Machine.Slower(Math.Pow(10, random.Next(-9, 9))), random.Next(0, 70));
        }

        var prices = Enumerable.Range(1, 70).Select(rows => costs.VerifyMilliseconds(rows, 50)).Append(costs.FirstPassMilliseconds(2, 2)).Append(costs.PlainMilliseconds(1, 0));
        Assert.That(prices, Has.All.Matches<double>(static price => price > 0 && double.IsFinite(price)));
    }, count: 100);

    private static int Mixed(int round) => (round * 7) % 4;

    private static double Ratio(CostModel costs, int rows) => costs.VerifyMilliseconds(rows, 50) / costs.VerifyMilliseconds(1, 50);

    private static void Watch(CostModel costs, SimulatedMachine machine, int rounds, Func<int, int> draftedCount, double spikeShare = 0)
    {
        var random = new Random(3);
        for (var round = 0; round < rounds; round++)
        {
            Observe(costs, random.NextDouble() < spikeShare ? machine.Slower(30) : machine, draftedCount(round));
        }
    }

    private static void Observe(CostModel costs, SimulatedMachine machine, int draftedCount) => costs.Observe(Outcome(machine, draftedCount));

    private static void Observe(CostModel costs, int step, int requests, int drafting, int passes, bool isDrafting = true)
    {
        var rows = requests + (drafting * passes);
        var draft = drafting == 0 ? 0 : passes * (3 + ((drafting - 1) * 2));
        costs.Observe(PolicyProgress.Round(isDrafting && drafting > 0 ? passes : 0, 0) with
        {
            PassCount = isDrafting && drafting > 0 ? passes : 0,
            MissingRows = 1,
            Position = 50,
            ConcurrentRequests = requests,
            BatchRows = rows,
            VerifyMilliseconds = Machine.Verify(rows),
            DraftMilliseconds = draft,
            StepMilliseconds = Machine.Verify(rows) + draft,
            Work = new StepWork(step, requests, drafting, drafting > 0 ? passes : 0, drafting * passes, 0, 0),
        });
    }

    private static RoundOutcome Outcome(SimulatedMachine machine, int draftedCount)
    {
        var verify = machine.Verify(1 + draftedCount);
        return PolicyProgress.Round(draftedCount, 0) with
        {
            PassCount = draftedCount,
            MissingRows = 1,
            Position = 50,
            ConcurrentRequests = 1,
            BatchRows = 1 + draftedCount,
            VerifyMilliseconds = verify,
            DraftMilliseconds = draftedCount * machine.PassMilliseconds,
            StepMilliseconds = verify + (draftedCount * machine.PassMilliseconds) + machine.OverheadMilliseconds,
        };
    }
}
