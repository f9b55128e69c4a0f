using LlamaSpec.Policies.Auto;

namespace LlamaSpec.Tests.Policies.Auto;

public class ProbeScheduleTests
{
    [Test]
    public void APairThatNothingIsKnownAboutIsTriedAtOnceForSixteenRounds() =>
        Assert.That(new ProbeSchedule().TryStart(catchUp: 0, lossPerRound: 0.5), Is.EqualTo(16));

    [Test]
    public void ProbesOfFourRoundsWaitForThirtyTwoRoundsAndTwiceAsLongAfterEachFailure()
    {
        var probes = Explored();
        foreach (var interval in (int[])[32, 64, 128, 256, 256])
        {
            Assert.That(RoundsUntilProbe(probes), Is.EqualTo(interval));
            probes.End(pays: false);
        }

        probes.End(pays: true);
        Assert.That(RoundsUntilProbe(probes), Is.EqualTo(32));
    }

    [Test]
    public void TheAccountStartsWithFourRoundsAndEarnsOneAndAHalfPercent()
    {
        var probes = Explored();
        Wait(probes, 32);
        Assert.That(probes.TryPay(4), Is.True, "4.48 rounds were there");
        Assert.That(probes.TryStart(0, 0.13), Is.Zero, "four times 0.13 are more than 0.48");
        Assert.That(probes.TryStart(0, 0.11), Is.EqualTo(4));
        Assert.That(probes.TryPay(0.5), Is.False);
        Wait(probes, 100);
        Assert.That(probes.TryStart(1.4, 0), Is.EqualTo(4), "1.48 rounds again");
    }

    [Test]
    public void CatchingUpIsPaidFromTheSameAccount()
    {
        var probes = Explored();
        Wait(probes, 64);
        Assert.That(probes.TryStart(catchUp: 5, lossPerRound: 0), Is.Zero);
        Assert.That(probes.TryStart(catchUp: 4.9, lossPerRound: 0), Is.EqualTo(4));
    }

    [Test]
    public void WhatIsSavedIsBounded()
    {
        var probes = Explored();
        Wait(probes, 100_000);
        Assert.That(probes.TryStart(16.1, 0), Is.Zero);
        Assert.That(probes.TryStart(15.9, 0), Is.EqualTo(4));
    }

    // However probes go, their losses stay within what was there at first and what was earned, but for the last round.
    [Test]
    public void TheBudgetIsKept() => Property.Holds(random =>
    {
        var probes = new ProbeSchedule();
        var (lost, tokens, left, largest) = (0.0, 0, 0, 0.0);
        for (var round = 0; round < 2000; round++)
        {
            left = left > 0 ? left : probes.TryStart(random.NextDouble(), random.NextDouble());
            probes.Add(1, isDrafting: left > 0);
            tokens++;
            if (left > 0)
            {
                var loss = 2 * random.NextDouble();
                largest = Math.Max(largest, loss);
                lost += loss;
                left = probes.TryPay(loss) ? left - 1 : 0;
                if (left == 0)
                {
                    probes.End(random.Next(4) == 0);
                }
            }
        }

        Assert.That(lost, Is.LessThanOrEqualTo(4 + (0.015 * tokens) + largest + 1e-9));
    }, count: 50);

    private static ProbeSchedule Explored()
    {
        var probes = new ProbeSchedule();
        for (var round = 0; round < ProbeSchedule.RoundsToExplore; round++)
        {
            probes.Add(0, isDrafting: true);
        }

        return probes;
    }

    private static void Wait(ProbeSchedule probes, int rounds)
    {
        for (var round = 0; round < rounds; round++)
        {
            probes.Add(1, isDrafting: false);
        }
    }

    private static int RoundsUntilProbe(ProbeSchedule probes)
    {
        var round = 0;
        for (; round < 1000 && probes.TryStart(0, 0) == 0; round++)
        {
            probes.Add(1, isDrafting: false);
        }

        return round;
    }
}
