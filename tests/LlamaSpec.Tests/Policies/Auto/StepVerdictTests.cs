using LlamaSpec.Policies;
using LlamaSpec.Policies.Auto;
using LlamaSpec.Policies.Costs;

namespace LlamaSpec.Tests.Policies.Auto;

public class StepVerdictTests
{
    // A row takes 10 ms and each further one 1 ms; a pass 2 ms and each further row of it 0.2 ms.
    private static readonly CostModel Costs = new(SimulatedMachine.Of(pass: 0.2, slope: 0.1).Profile with { RoundOverheadMilliseconds = 0 });

    // Two requests: plain decoding takes 11 ms for two tokens. One drafts a token that is accepted, the other waits.
    private static readonly RoundOutcome OneOfTwoDrafts = PolicyProgress.Round(1, 1) with
    {
        PassCount = 1,
        MissingRows = 1,
        ConcurrentRequests = 2,
        BatchRows = 3,
        Position = 50,
        DraftMilliseconds = 2,
        VerifyMilliseconds = 12,
        StepMilliseconds = 14,
        Work = new StepWork(Step: 1, Tokens: 3, DraftingRequests: 1, Passes: 1, PassRows: 1, CatchUpRows: 0, BranchRows: 0),
    };

    [Test]
    public void AllTokensOfAStepCountAndAllWhoWaitedForThem()
    {
        var verdict = StepVerdict.Of(OneOfTwoDrafts, Costs, expectedMilliseconds: 14);
        Assert.That(verdict.PlainMilliseconds, Is.EqualTo(1.5 * 11).Within(1e-9));
        Assert.That(verdict.Milliseconds, Is.EqualTo(14));
        Assert.That(verdict.LossPerDraft, Is.EqualTo((2 * 14 / 11.0) - 3).Within(1e-9), "rounds of plain decoding, by the one that drafted");
    }

    [Test]
    public void TheOneThatWaitedHearsTheSame()
    {
        var waiting = OneOfTwoDrafts with { DraftedCount = 0, AcceptedCount = 0, PassCount = 0 };
        Assert.That(StepVerdict.Of(waiting, Costs, expectedMilliseconds: 1), Is.EqualTo(StepVerdict.Of(OneOfTwoDrafts, Costs, expectedMilliseconds: 14)));
    }

    [Test]
    public void WhatTheOthersDraftIsExpectedAndNotTakenForAMachineThatWasHeldUp()
    {
        var all = OneOfTwoDrafts with
        {
            DraftMilliseconds = 8 * 2.2,
            BatchRows = 18,
            VerifyMilliseconds = 27,
            StepMilliseconds = 44.6,
            Work = new StepWork(Step: 1, Tokens: 4, DraftingRequests: 2, Passes: 8, PassRows: 16, CatchUpRows: 0, BranchRows: 0),
        };
        Assert.That(StepVerdict.Of(all, Costs, expectedMilliseconds: 14).Milliseconds, Is.EqualTo(44.6).Within(1e-9));
        Assert.That(StepVerdict.Of(all with { StepMilliseconds = 900 }, Costs, expectedMilliseconds: 14).Milliseconds, Is.EqualTo(2 * 44.6).Within(1e-9));
    }

    [Test]
    public void ARequestAloneIsMeasuredByWhatItExpectedItself()
    {
        var alone = PolicyProgress.Round(1, 0) with { PassCount = 1, ConcurrentRequests = 1, BatchRows = 2, Position = 50, StepMilliseconds = 50 };
        var verdict = StepVerdict.Of(alone, Costs, expectedMilliseconds: 13);
        Assert.That(verdict, Is.EqualTo(new StepVerdict(10, 26, 1.6)));
    }
}
