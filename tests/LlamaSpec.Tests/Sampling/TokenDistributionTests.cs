using LlamaSpec.Sampling;

namespace LlamaSpec.Tests.Sampling;

public class TokenDistributionTests
{
    private const double LargestUniform = 1 - 1.0 / (1L << 53);

    private static readonly ManagedKernels Kernels = new();

    [Test]
    public void ANewDistributionHasNoWeight()
    {
        var distribution = new TokenDistribution(10);
        Assert.That(distribution.Weights.ToArray(), Is.All.Zero);
        Assert.That(distribution.Sample(Kernels, 0.5), Is.EqualTo(-1));
    }

    [Test]
    public void FewTokensAreListedInTheOrderTheyCame()
    {
        var distribution = Sparse(10, (7, 0.5f), (2, 0.25f));
        Assert.That(distribution.IsDense, Is.False);
        Assert.That(distribution.Support.ToArray(), Is.EqualTo(new[] { 7, 2 }));
        Assert.That((distribution[7], distribution[2], distribution[3]), Is.EqualTo((0.5f, 0.25f, 0f)));
    }

    [TestCase(TokenDistribution.SupportLimit, false)]
    [TestCase(TokenDistribution.SupportLimit + 1, true)]
    public void OneTokenBeyondTheLimitMakesItDense(int count, bool isDense)
    {
        var distribution = new TokenDistribution(3000);
        for (var i = 0; i < count; i++)
        {
            distribution.Add(2 * i, 1);
        }

        Assert.That(distribution.IsDense, Is.EqualTo(isDense));
        Assert.That(distribution.Weights.ToArray().Count(weight => weight == 1), Is.EqualTo(count));
    }

    [Test]
    public void AVocabularySmallerThanTheLimitStaysSparse() =>
        Assert.That(Sparse(3, (0, 1), (1, 1), (2, 1)).IsDense, Is.False);

    [Test]
    public void ClearRemovesAllWeightOfBothForms()
    {
        var distribution = Sparse(2000, (5, 1), (1999, 2));
        distribution.Clear();
        AssertEmpty(distribution);

        distribution.OverwriteAll().Fill(1);
        distribution.Clear();
        AssertEmpty(distribution);

        for (var token = 0; token < 2000; token++)
        {
            distribution.Add(token, 1);
        }

        distribution.Clear();
        AssertEmpty(distribution);
        distribution.Add(5, 1);
        Assert.That(distribution.Support.ToArray(), Is.EqualTo(new[] { 5 }));
    }

    [Test]
    public void OverwritingMakesItDense()
    {
        var distribution = Sparse(4, (1, 1));
        new float[] { 0, 0, 3, 1 }.CopyTo(distribution.OverwriteAll());
        Assert.That(distribution.IsDense, Is.True);
        Assert.That(distribution.Support.Length, Is.Zero);
        Assert.That(distribution[2], Is.EqualTo(3));
    }

    [Test]
    public void SweepingTheUniformGivesEachTokenItsShare([Values] bool isDense)
    {
        // Weights need not sum to 1.
        var distribution = Form(isDense, 0, 1, 0, 5, 2, 0);
        var counts = new int[6];
        for (var i = 0; i < 8000; i++)
        {
            counts[distribution.Sample(Kernels, (i + 0.5) / 8000)]++;
        }

        Assert.That(counts, Is.EqualTo(new[] { 0, 1000, 0, 5000, 2000, 0 }));
    }

    [Test]
    public void WeightlessTokensAreNotDrawnAtTheEndsOfTheRange([Values] bool isDense, [Values(0.0, LargestUniform)] double uniform)
    {
        var first = Form(isDense, 0, 1e-30f, 0);
        Assert.That(first.Sample(Kernels, uniform), Is.EqualTo(1));
        var rounded = Form(isDense, 0, 0.1f, 0.1f, 0.1f, 0.7f, 0, 0);
        Assert.That(rounded.Sample(Kernels, uniform), Is.EqualTo(uniform == 0 ? 1 : 4));
    }

    [Test]
    public void OnlyTokensWithWeightAreDrawn() => Property.Holds(random =>
    {
        var weights = Enumerable.Range(0, random.Next(1, 40)).Select(_ => random.Next(3) == 0 ? random.NextSingle() : 0).ToArray();
        var uniform = random.Next(10) switch { 0 => 0, 1 => LargestUniform, _ => random.NextDouble() };
        foreach (var isDense in new[] { false, true })
        {
            var token = Form(isDense, weights).Sample(Kernels, uniform);
            Assert.That(token, weights.Any(weight => weight > 0) ? Is.InRange(0, weights.Length - 1) : Is.EqualTo(-1));
            Assert.That(token < 0 || weights[token] > 0, Is.True);
        }
    });

    private static TokenDistribution Form(bool isDense, params float[] weights)
    {
        var distribution = new TokenDistribution(weights.Length);
        if (isDense)
        {
            weights.CopyTo(distribution.OverwriteAll());
            return distribution;
        }

        return Sparse(weights.Length, [.. weights.Select((weight, token) => (token, weight))]);
    }

    private static TokenDistribution Sparse(int vocabularySize, params (int Token, float Weight)[] entries)
    {
        var distribution = new TokenDistribution(vocabularySize);
        foreach (var (token, weight) in entries)
        {
            distribution.Add(token, weight);
        }

        return distribution;
    }

    private static void AssertEmpty(TokenDistribution distribution)
    {
        Assert.That(distribution.IsDense, Is.False);
        Assert.That(distribution.Support.Length, Is.Zero);
        Assert.That(distribution.Weights.ToArray(), Is.All.Zero);
    }
}
