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

    [TestCase(1.01, true)]
    [TestCase(1.03, false)]
    public void AProbeBringsItBackWhenItIsFasterByMoreThanNoise(double speedUp, bool isOff)
    {
        var guard = new SlowdownGuard();
        Play(guard, 0.5, 20);
        Play(guard, speedUp, ProbeSchedule.RoundsPerProbe);
        Assert.That(guard.EndProbe(), Is.EqualTo(!isOff));
        Assert.That(guard.IsOff, Is.EqualTo(isOff));
    }

    [Test]
    public void AFailedProbeDoesNotCountTowardsTheNext()
    {
        var guard = new SlowdownGuard();
        Play(guard, 0.5, 20);
        Play(guard, 0.2, 4);
        guard.EndProbe();
        Play(guard, 1.1, 4);
        Assert.That(guard.EndProbe(), Is.True);
    }

    [Test]
    public void AProbeOfAPairThatIsOnChangesNothing()
    {
        var guard = new SlowdownGuard();
        Play(guard, 0.5, 10);
        Assert.That(guard.EndProbe(), Is.True);
        Assert.That(guard.IsOff, Is.False);
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
