using LlamaSpec.Policies.Costs;

namespace LlamaSpec.Tests.Policies.Auto;

/// <summary>
/// The speed of auto with several requests at once, in units of plain decoding of the same requests, where nothing was calibrated.
/// A good draft has nearly all of its tokens accepted, a fair one half of them, a bad one few.
/// </summary>
public class AutoServingTests
{
    private const float Good = 0.3f;
    private const float Fair = 1.5f;
    private const float Bad = 5;

    private static readonly ServingPrices Cheap = new(TargetRow: 0.05, Pass: 0.05, DraftRow: 0.005);
    private static readonly ServingPrices CheapBesideDearRows = new(TargetRow: 1, Pass: 0.05, DraftRow: 0.005);
    private static readonly ServingPrices Dear = new(TargetRow: 0.05, Pass: 0.6, DraftRow: 0.06);
    private static readonly ServingPrices VeryDear = new(TargetRow: 0.1, Pass: 1.5, DraftRow: 0.15);
    private static readonly ServingPrices DearByTheRow = new(TargetRow: 0.1, Pass: 0.2, DraftRow: 0.2);
    private static readonly ServingPrices DearBesideFreeRows = new(TargetRow: 0, Pass: 0.3, DraftRow: 0.03);

    private static readonly ServingPrices[] All = [Cheap, CheapBesideDearRows, Dear, VeryDear, DearByTheRow, DearBesideFreeRows];

    [Test]
    public void OnceWarmItIsNotSlowerThanPlainDecoding(
        [Values(1, 2, 4, 8)] int requests, [Values(Good, Fair, Bad)] float draftNoise, [ValueSource(nameof(All))] ServingPrices prices)
    {
        using var serving = new SimulatedServing(prices, draftNoise);
        serving.Serve(requests);
        Assert.That(serving.LostSteps(300), Is.LessThan(16), "what finding the prices may cost");
        Assert.That(serving.SpeedUp(700), Is.GreaterThan(0.98));
    }

    [Test]
    public void NeitherIsItWhereTimesAreNoisyAndTheMachineIsHeldUpNowAndThen([Values(2, 8)] int requests, [ValueSource(nameof(All))] ServingPrices prices)
    {
        foreach (var draftNoise in (float[])[Good, Fair, Bad])
        {
            using var serving = new SimulatedServing(prices, draftNoise) { Noise = 0.05, SpikeShare = 0.002 };
            serving.Serve(requests);
            serving.SpeedUp(300);
            Assert.That(serving.SpeedUp(700), Is.GreaterThan(0.98), $"{draftNoise}");
        }
    }

    [TestCase(2)]
    [TestCase(4)]
    [TestCase(8)]
    public void WhereDraftingPaysItKeepsUpWithTheBestFixedLength(int requests)
    {
        foreach (var prices in (ServingPrices[])[Cheap, DearBesideFreeRows])
        {
            using var serving = new SimulatedServing(prices, Good);
            serving.Serve(requests);
            serving.SpeedUp(300);
            Assert.That(serving.SpeedUp(700), Is.GreaterThan(0.92 * BestFixed(prices, requests)), $"{prices}");
        }
    }

    [Test]
    public void AProfileIsNotLeftAloneEither([ValueSource(nameof(All))] ServingPrices prices)
    {
        foreach (var draftNoise in (float[])[Good, Fair, Bad])
        {
            using var serving = new SimulatedServing(prices, draftNoise, ProfileOf(prices));
            serving.Serve(8);
            Assert.That(serving.SpeedUp(1000), Is.GreaterThan(0.98), $"{draftNoise}");
        }
    }

    // Each number of requests has its own price of plain decoding and of a pass, and gains what it may. A request that is left alone
    // is probed once more, and catches up with hundreds of tokens for that.
    [TestCase(Good, 1.05)]
    [TestCase(Bad, 0.96)]
    public void OneRequestThenSeveralThenOneAgainIsNoSlowerThanEitherAlone(float draftNoise, double least)
    {
        using var serving = new SimulatedServing(new ServingPrices(TargetRow: 0.1, Pass: 0.2, DraftRow: 0.02), draftNoise);
        foreach (var requests in (int[])[1, 8, 1, 4, 2, 8])
        {
            serving.Serve(requests);
            Assert.That(serving.SpeedUp(400), Is.GreaterThan(least), $"{requests}");
        }
    }

    [Test]
    public void RequestsThatComeAndGoAreNoSlower([ValueSource(nameof(All))] ServingPrices prices)
    {
        foreach (var draftNoise in (float[])[Good, Fair, Bad])
        {
            Assert.That(LostWhileTheyComeAndGo("auto") - LostWhileTheyComeAndGo("off"), Is.LessThan(0.02 * 60 * 25), $"{draftNoise}");

            // The rows of their prompts cost plain decoding something, too.
            double LostWhileTheyComeAndGo(string policy)
            {
                using var serving = new SimulatedServing(prices, draftNoise);
                var lost = 0.0;
                for (var change = 0; change < 60; change++)
                {
                    serving.Serve(3 - (change % 3), policy);
                    serving.Serve(4 + (change % 2), policy);
                    lost += serving.LostSteps(25);
                }

                return lost;
            }
        }
    }

    [Test]
    public void PricesThatRiseWhileSeveralAreServedEndDrafting()
    {
        using var serving = new SimulatedServing(Cheap, Good);
        serving.Serve(4);
        Assert.That(serving.SpeedUp(400), Is.GreaterThan(2));
        serving.Prices = VeryDear;
        serving.SpeedUp(400);
        Assert.That(serving.SpeedUp(700), Is.GreaterThan(0.98));
    }

    private static double BestFixed(ServingPrices prices, int requests) => new[] { 1, 2, 4, 8 }.Max(length =>
    {
        using var serving = new SimulatedServing(prices, Good);
        serving.Serve(requests, $"fixed:{length}");
        return serving.SpeedUp(200);
    });

    private static CostProfile ProfileOf(ServingPrices prices) => new()
    {
        Verify = [new VerifyCurve(0, [.. Enumerable.Range(1, 80).Select(rows => new CostPoint(rows, prices.Target(rows)))])],
        Draft = new DraftCosts(prices.Draft(1), prices.Draft(1), prices.Draft(2) - prices.Draft(1), prices.Draft(2) - prices.Draft(1)),
        TargetThreadCount = 1,
        DraftThreadCount = 1,
    };
}
