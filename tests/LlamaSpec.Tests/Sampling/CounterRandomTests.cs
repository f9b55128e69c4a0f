using LlamaSpec.Sampling;
using MathNet.Numerics.Distributions;

namespace LlamaSpec.Tests.Sampling;

/// <summary>The generator against its published answers, and simple chi-square tests of what verification relies on.</summary>
public class CounterRandomTests
{
    // The seeds are fixed, so a failure is a change of the generator and not bad luck.
    private const double SmallestPValue = 1e-3;
    private const ulong Seed = 20260729;

    // Random123, kat_vectors, "philox4x32 10": the first two words of each answer.
    [TestCase(0u, 0u, 0u, 0u, 0u, 0u, 0x6627e8d5u, 0xe169c58du)]
    [TestCase(0xffffffffu, 0xffffffffu, 0xffffffffu, 0xffffffffu, 0xffffffffu, 0xffffffffu, 0x408f276du, 0x41c83b0eu)]
    [TestCase(0x243f6a88u, 0x85a308d3u, 0x13198a2eu, 0x03707344u, 0xa4093822u, 0x299f31d0u, 0xd16cfe09u, 0x94fdccebu)]
    public void PhiloxGivesThePublishedAnswers(uint c0, uint c1, uint c2, uint c3, uint key0, uint key1, uint first, uint second) =>
        Assert.That(CounterRandom.Philox(new CounterRandom.Counter(c0, c1, c2, c3), key0, key1), Is.EqualTo((first, second)));

    [Test]
    public void UniformTakesItsBitsFromTheTopOfTheAnswer() =>
        Assert.That(CounterRandom.Uniform(0, 0, 0, DrawPurpose.Draft), Is.EqualTo(((0x6627e8d5UL << 21) | (0xe169c58dUL >> 11)) / 9007199254740992.0));

    [Test]
    public void OtherDrawsDoNotChangeANumber()
    {
        var number = CounterRandom.Uniform(3, 4, 5, DrawPurpose.Next);
        CounterRandom.Uniform(3, 4, 6, DrawPurpose.Accept);
        Assert.That(CounterRandom.Uniform(3, 4, 5, DrawPurpose.Next), Is.EqualTo(number));
    }

    [Test]
    public void EveryPartOfTheKeyMatters()
    {
        ulong[] seeds = [0, 1, 1UL << 32, ulong.MaxValue];
        long[] rounds = [0, 1, 1L << 32, long.MaxValue];
        var numbers =
            from seed in seeds
            from round in rounds
            from node in Enumerable.Range(0, 65)
            from purpose in Enum.GetValues<DrawPurpose>()
            select CounterRandom.Uniform(seed, round, node, purpose);
        Assert.That(numbers, Is.Unique.And.All.InRange(0.0, 1.0));
    }

    [Test]
    public void NumbersAreAtLeastZeroAndBelowOne() => Property.Holds(random =>
        Assert.That(
            CounterRandom.Uniform((ulong)random.NextInt64(), random.NextInt64(), random.Next(64), DrawPurpose.Accept),
            Is.GreaterThanOrEqualTo(0).And.LessThan(1)));

    [Test]
    public void NumbersOfConsecutiveRoundsAreUniform([Values] DrawPurpose purpose)
    {
        const int Draws = 20_000;
        var counts = new double[50];
        for (var round = 0; round < Draws; round++)
        {
            counts[(int)(CounterRandom.Uniform(Seed, round, 0, purpose) * counts.Length)]++;
        }

        var statistic = counts.Sum(count => Math.Pow(count - (Draws / 50.0), 2) / (Draws / 50.0));
        Assert.That(1 - ChiSquared.CDF(counts.Length - 1, statistic), Is.GreaterThan(SmallestPValue));
    }

    [TestCase(DrawPurpose.Draft, DrawPurpose.Accept)]
    [TestCase(DrawPurpose.Accept, DrawPurpose.Next)]
    [TestCase(DrawPurpose.Draft, DrawPurpose.Next)]
    public void PurposesAreIndependent(DrawPurpose first, DrawPurpose second) =>
        AssertIndependent(i => (CounterRandom.Uniform(Seed, i, 0, first), CounterRandom.Uniform(Seed, i, 0, second)));

    [Test]
    public void NodesAreIndependent() =>
        AssertIndependent(i => (CounterRandom.Uniform(Seed, i, 0, DrawPurpose.Accept), CounterRandom.Uniform(Seed, i, 1, DrawPurpose.Accept)));

    [Test]
    public void RoundsAreIndependent() =>
        AssertIndependent(i => (CounterRandom.Uniform(Seed, 2 * i, 0, DrawPurpose.Next), CounterRandom.Uniform(Seed, (2 * i) + 1, 0, DrawPurpose.Next)));

    [Test]
    public void SeedsAreIndependent() =>
        AssertIndependent(i => (CounterRandom.Uniform((ulong)i, 0, 0, DrawPurpose.Next), CounterRandom.Uniform((ulong)i + 1, 0, 0, DrawPurpose.Next)));

    private static void AssertIndependent(Func<int, (double First, double Second)> pair)
    {
        const int Draws = 20_000;
        const int Bins = 8;
        var cells = new double[Bins * Bins];
        for (var i = 0; i < Draws; i++)
        {
            var (first, second) = pair(i);
            cells[((int)(first * Bins) * Bins) + (int)(second * Bins)]++;
        }

        var expected = (double)Draws / cells.Length;
        var statistic = cells.Sum(count => Math.Pow(count - expected, 2) / expected);
        Assert.That(1 - ChiSquared.CDF(cells.Length - 1, statistic), Is.GreaterThan(SmallestPValue));
    }
}
