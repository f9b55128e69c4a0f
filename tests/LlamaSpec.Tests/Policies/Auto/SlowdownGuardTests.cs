using LlamaSpec.Policies.Auto;

namespace LlamaSpec.Tests.Policies.Auto;

public class SlowdownGuardTests
{
    [TestCase(0.979, 20)]
    [TestCase(0.5, 20)]
    public void TwentyRoundsBelowTheFloorEndDrafting(double speedUp, int rounds)
    {
        var guard = new SlowdownGuard();
        Assert.That(Play(guard, speedUp, rounds - 1), Is.Zero);
        Assert.That(guard.IsOff, Is.False);
        Assert.That(Play(guard, speedUp, 1), Is.EqualTo(20 * (1 - speedUp)).Within(1e-9), "rounds of plain decoding that were lost");
        Assert.That(guard.IsOff, Is.True);
    }

    [Test]
    public void AtTheFloorDraftingGoesOn()
    {
        var guard = new SlowdownGuard();
        Play(guard, 0.981, 1000);
        Assert.That(guard.IsOff, Is.False);
    }

    [Test]
    public void AStretchOfBadLuckIsNotEnough()
    {
        var guard = new SlowdownGuard();
        Play(guard, 1.3, 50);
        Play(guard, 0.7, 15);
        Assert.That(guard.SpeedUp, Is.GreaterThan(0.98));
        Play(guard, 1.3, 1);
        Play(guard, 0.7, 10);
        Assert.That(guard.IsOff, Is.False);
    }

    [Test]
    public void ItIsTriedAgainAfterAWaitThatDoublesWhileTriesFail()
    {
        var guard = new SlowdownGuard();
        int[] waits = [.. Enumerable.Range(0, 6).Select(_ =>
        {
            Play(guard, 0.5, 20);
            return Wait(guard);
        })];
        Assert.That(waits, Is.EqualTo([64, 128, 256, 512, 1024, 1024]));
    }

    [Test]
    public void ATryThatPaysMakesTheNextWaitShortAgain()
    {
        var guard = new SlowdownGuard();
        Play(guard, 0.5, 20);
        Wait(guard);
        Play(guard, 1.1, 1);
        while (!guard.IsOff)
        {
            Play(guard, 0.5, 1);
        }

        Assert.That(Wait(guard), Is.EqualTo(64));
    }

    [Test]
    public void WhatWasLostDoesNotCountAgainstTheNextTry()
    {
        var guard = new SlowdownGuard();
        Play(guard, 0.2, 20);
        Wait(guard);
        Play(guard, 1, 200);
        Assert.That(guard.IsOff, Is.False);
    }

    private static int Wait(SlowdownGuard guard)
    {
        var rounds = 0;
        for (; guard.IsOff; rounds++)
        {
            guard.AddPlain();
        }

        return rounds;
    }

    private static double Play(SlowdownGuard guard, double speedUp, int rounds)
    {
        var lost = 0.0;
        for (var round = 0; round < rounds; round++)
        {
            lost += guard.Add(speedUp, 1);
        }

        return lost;
    }
}
