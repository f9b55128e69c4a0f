using LlamaSpec.Policies.Auto;

namespace LlamaSpec.Tests.Policies.Auto;

public class BinnedAcceptanceTests
{
    private static readonly double[] Flat = [.. Enumerable.Repeat(0.5, EntropyBins.Count)];

    [Test]
    public void WithoutObservationsThePriorsStand()
    {
        double[] priors = [0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2];
        var table = new BinnedAcceptance();
        Assert.That(Enumerable.Range(0, EntropyBins.Count).Select(bin => table.Estimate(bin, priors)), Is.EqualTo(priors).Within(1e-12));
    }

    [Test]
    public void BinsThatContradictEachOtherArePooledByWeight()
    {
        var table = new BinnedAcceptance();
        table.Add(1, 1);

        // Bin 1 would be (1 + 4 * 0.5) / 5 = 0.6 above bin 0 at 0.5: together (0.5 * 4 + 0.6 * 5) / 9.
        Assert.That(table.Estimate(0, Flat), Is.EqualTo(5.0 / 9).Within(1e-12));
        Assert.That(table.Estimate(1, Flat), Is.EqualTo(5.0 / 9).Within(1e-12));
        Assert.That(table.Estimate(2, Flat), Is.EqualTo(0.5).Within(1e-12));
    }

    [Test]
    public void MoreEntropyIsNeverAcceptedMoreOften() => Property.Holds(random =>
    {
        var table = new BinnedAcceptance();
        for (var i = random.Next(200); i > 0; i--)
        {
            table.Add(random.Next(EntropyBins.Count), random.NextDouble());
        }

        var priors = Enumerable.Range(0, EntropyBins.Count).Select(_ => random.NextDouble()).OrderDescending().ToArray();
        var estimates = Enumerable.Range(0, EntropyBins.Count).Select(bin => table.Estimate(bin, priors)).ToArray();
        Assert.That(estimates, Is.Ordered.Descending);
        Assert.That(estimates, Has.All.InRange(0.0, 1.0));
    });

    [TestCase(0.0, 0)]
    [TestCase(-1e-7, 0)]
    [TestCase(0.0101, 1)]
    [TestCase(0.25, 3)]
    [TestCase(1.0, 4)]
    [TestCase(1.01, 5)]
    [TestCase(11.0, 7)]
    public void BinsAreOfTheRootOfTheEntropy(double entropy, int bin) => Assert.That(EntropyBins.Of(entropy), Is.EqualTo(bin));

    [Test]
    public void TheBoundFallsFromBinToBin() =>
        Assert.That(Enumerable.Range(0, EntropyBins.Count).Select(EntropyBins.Bound), Is.Ordered.Descending);
}
