using LlamaSpec.Policies;
using LlamaSpec.Policies.Auto;

namespace LlamaSpec.Tests.Policies.Auto;

public class LearnedSamplingTests
{
    private static readonly StepVerdict Slow = new(PlainMilliseconds: 5, Milliseconds: 10, LossPerDraft: 1);

    [Test]
    public void TheGuardCountsStepsNotRounds()
    {
        var learned = new LearnedSampling();
        for (var step = 1; step < 20; step++)
        {
            Assert.That(Enumerable.Range(0, 8).Sum(_ => learned.GuardDraft(Of(step), Slow)), Is.Zero);
        }

        Assert.That(learned.GuardDraft(Of(20), Slow), Is.EqualTo(8 * 20 * 0.5).Within(1e-9), "twenty rounds of eight requests at half of the speed");
        Assert.That(learned.GuardDraft(Of(20), Slow), Is.Zero);
        Assert.That(learned.Guard.IsOff, Is.True);
        for (var step = 21; step < 21 + 64; step++)
        {
            Assert.That(learned.Guard.IsOff, Is.True);
            learned.GuardPlain(Of(step));
            learned.GuardPlain(Of(step));
        }

        Assert.That(learned.Guard.IsOff, Is.False);
    }

    [Test]
    public void WhatOneRequestGainedHidesNoLossOfSeveral()
    {
        var learned = new LearnedSampling();
        for (var step = 1; step <= 500; step++)
        {
            learned.GuardDraft(Of(step) with { ConcurrentRequests = 1 }, new StepVerdict(30, 10, 0));
        }

        var steps = 0;
        for (; !learned.Guard.IsOff; steps++)
        {
            learned.GuardDraft(Of(501 + steps), Slow);
        }

        Assert.That(steps, Is.LessThan(60));
    }

    [Test]
    public void EachNumberOfRequestsHasASpeed()
    {
        var learned = new LearnedSampling();
        learned.Speed(1).Add(20, 10);
        learned.Speed(8).Add(11, 10);
        Assert.That((learned.Speed(1).SpeedUp, learned.Speed(8).SpeedUp, learned.Speed(2).SpeedUp), Is.EqualTo((2.0, 1.1, 0.0)));
    }

    private static RoundOutcome Of(long step) => PolicyProgress.Round(1, 0) with { ConcurrentRequests = 8, Work = new StepWork { Step = step } };
}
