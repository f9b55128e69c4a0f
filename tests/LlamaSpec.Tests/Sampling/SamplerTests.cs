using LlamaSpec.Sampling;

namespace LlamaSpec.Tests.Sampling;

/// <summary>The sampler chain against <see cref="ReferenceSampler"/>, stage by stage, and all stages together.</summary>
public class SamplerTests
{
    private const double Tolerance = 2e-6;

    private static readonly ManagedKernels Kernels = new();

    // Every stage off: the softmax of the row.
    private static readonly SamplingOptions Plain = new() { Temperature = 1, TopK = 0, TopP = 1, MinP = 0 };

    public static IEnumerable<SamplingOptions> Stages() =>
    [
        Plain,
        Plain with { Temperature = 0.3f },
        Plain with { Temperature = 3 },
        Plain with { TopK = 1 },
        Plain with { TopK = 7 },
        Plain with { TopK = 10_000 },
        Plain with { TopP = 0.613f },
        Plain with { TopP = 0.9571f },
        Plain with { TopP = 1e-6f },
        Plain with { MinP = 0.05f },
        Plain with { MinP = 1 },
        Plain with { TopK = 20, TopP = 0.8317f },
        Plain with { TopP = 0.8317f, MinP = 0.02f, Temperature = 0.7f },
        Plain with { LogitBias = [new LogitBias(3, 2.5f), new LogitBias(5, -4), new LogitBias(7, float.NegativeInfinity), new LogitBias(3, 1)] },
        Plain with { RepetitionPenalty = 1.7f },
        Plain with { RepetitionPenalty = 0.5f, PenaltyWindow = 4 },
        Plain with { FrequencyPenalty = 0.4f },
        Plain with { PresencePenalty = -0.9f, PenaltyWindow = 2 },
        new(),
    ];

    [Test]
    public void EveryStageFollowsItsDefinition([ValueSource(nameof(Stages))] SamplingOptions options, [Values(10, 300)] int length, [Range(1, 5)] int seed)
    {
        var random = new Random(seed);
        AssertShape(Row(random, length), Prefix(random, length), options);
    }

    [Test]
    public void AllStagesTogetherFollowTheirDefinition() => Property.Holds(random =>
    {
        var length = random.Next(1, 400);
        var options = new SamplingOptions
        {
            Temperature = 0.2f + (2 * random.NextSingle()),
            TopK = random.Next(3) == 0 ? 0 : random.Next(1, 60),
            TopP = random.Next(3) == 0 ? 1 : 0.1f + (0.89f * random.NextSingle()),
            MinP = random.Next(3) == 0 ? 0 : 0.2f * random.NextSingle(),
            RepetitionPenalty = 0.8f + random.NextSingle(),
            FrequencyPenalty = random.NextSingle() - 0.3f,
            PresencePenalty = random.NextSingle() - 0.3f,
            PenaltyWindow = random.Next(0, 12),
            LogitBias = [.. Enumerable.Range(0, random.Next(4)).Select(_ => new LogitBias(random.Next(length), 4 * (random.NextSingle() - 0.5f)))],
        };
        AssertShape(Row(random, length), Prefix(random, length), options);
    });

    [Test]
    public void OfEqualLogitsTheLowerColumnsAreKept([Values(1, 2, 5)] int topK)
    {
        float[] row = [0, 2, 1, 2, 2, 1];
        var shaped = Shape(row, [], Plain with { TopK = topK }, out _);
        int[] order = [1, 3, 4, 2, 5];
        Assert.That(Enumerable.Range(0, row.Length).Where(token => shaped[token] > 0), Is.EquivalentTo(order.Take(topK)));
    }

    [Test]
    public void TopPKeepsTheTokenThatReachesTheMass()
    {
        // Four equal tokens: two of them hold exactly one half.
        var shaped = Shape([1, 1, 1, 1], [], Plain with { TopP = 0.5f }, out _);
        Assert.That(shaped.Weights.ToArray(), Is.EqualTo(new[] { 0.5f, 0.5f, 0, 0 }).Within(Tolerance));
    }

    [Test]
    public void MaskedColumnsNeverHaveWeight([ValueSource(nameof(Stages))] SamplingOptions options)
    {
        var row = Row(new Random(11), 60);
        for (var column = 0; column < row.Length; column += 2)
        {
            row[column] = float.NegativeInfinity;
        }

        AssertShape(row, [1, 2, 3], options);
        var shaped = Shape(row, [1, 2, 3], options, out _);
        Assert.That(Enumerable.Range(0, 30).Select(i => shaped[2 * i]), Is.All.Zero);
    }

    [Test]
    public void TopKBeyondTheUnmaskedColumnsKeepsThoseOnly()
    {
        var shaped = Shape([float.NegativeInfinity, 0, float.NegativeInfinity, 0], [], Plain with { TopK = 3 }, out _);
        Assert.That(shaped.Weights.ToArray(), Is.EqualTo(new[] { 0, 0.5f, 0, 0.5f }).Within(Tolerance));
    }

    [TestCase(1e-3f)]
    [TestCase(1e-6f)]
    [TestCase(float.Epsilon)]
    public void ATinyTemperatureLeavesTheLargestLogits(float temperature)
    {
        // The inverse of the smallest ones is not finite.
        foreach (var options in new[] { Plain, Plain with { TopK = 3 }, new SamplingOptions() })
        {
            var shaped = Shape([1, 3, 2, 3, float.NegativeInfinity], [], options with { Temperature = temperature }, out var statistics);
            Assert.That(shaped.Weights.ToArray(), Is.EqualTo(new[] { 0, 0.5f, 0, 0.5f, 0 }).Within(Tolerance));
            Assert.That(statistics.Entropy, Is.EqualTo(Math.Log(2)).Within(1e-5));
        }
    }

    [TestCase(200)]
    [TestCase(700)]
    [TestCase(3000)]
    [TestCase(6000)]
    public void TopPOfAFlatRowFindsAllItsTokens(int length)
    {
        // Noise of a thousandth: the kept tokens are more than 256 and more than 1024, and still well defined.
        var random = new Random(length);
        var row = Enumerable.Range(0, length).Select(_ => 0.001f * random.NextSingle()).ToArray();
        AssertShape(row, [], Plain with { TopP = 0.613f });
        AssertShape(row, [], Plain with { MinP = 0.5f });
        AssertShape(row, [], Plain with { MinP = 0.9995f });
    }

    [TestCase(1024, false)]
    [TestCase(1025, true)]
    public void ALongListOfTokensBecomesADenseRow(int kept, bool isDense)
    {
        var row = Enumerable.Range(0, 2000).Select(column => column < kept ? 0f : -20).ToArray();
        var shaped = Shape(row, [], Plain with { MinP = 0.5f }, out _);
        Assert.That(shaped.IsDense, Is.EqualTo(isDense));
        Assert.That(shaped.Weights.ToArray().Count(weight => weight > 0), Is.EqualTo(kept));
    }

    [Test]
    public void StatisticsAreThoseOfTheWholeAdjustedRowAtTheTemperature()
    {
        var random = new Random(3);
        var row = Row(random, 50);
        var options = new SamplingOptions { Temperature = 0.6f, TopK = 3, LogitBias = [new LogitBias(4, 3)] };
        Shape(row, [], options, out var statistics);
        var probabilities = ReferenceSampler.Shape(row, null, [], Plain with { Temperature = 0.6f, LogitBias = options.LogitBias }, 50);
        Assert.That(statistics.Entropy, Is.EqualTo(ReferenceSampler.Entropy(probabilities)).Within(1e-5));
        Assert.That(Math.Exp((statistics.Maximum / 0.6f) - statistics.LogSumExp), Is.EqualTo(probabilities.Max()).Within(1e-5));
    }

    [TestCase(float.NaN)]
    [TestCase(float.PositiveInfinity)]
    public void RowsThatAreNoDistributionAreRefused(float value)
    {
        var row = Row(new Random(1), 40);
        row[17] = value;
        AssertRefused(row);
        AssertRefused([.. Enumerable.Repeat(float.NegativeInfinity, 40)]);
    }

    [Test]
    public void GreedyTakesTheLargestAdjustedLogit()
    {
        float[] row = [1, 5, 3, 5];
        Assert.That(ArgMax(row, [], SamplingOptions.Greedy), Is.EqualTo(1));
        Assert.That(ArgMax(row, [], SamplingOptions.Greedy with { LogitBias = [new LogitBias(2, 2.5f)] }), Is.EqualTo(2));
        Assert.That(ArgMax(row, [1, 0, 1], SamplingOptions.Greedy with { PresencePenalty = 1 }), Is.EqualTo(3));
        Assert.That(ArgMax(row, [1, 3], SamplingOptions.Greedy with { RepetitionPenalty = 2 }), Is.EqualTo(2));
    }

    [Test]
    public void ADistributionIsOverwrittenInFull()
    {
        var sampler = new Sampler(Kernels, 50);
        var reused = new TokenDistribution(50);
        var random = new Random(5);
        foreach (var options in Stages())
        {
            var row = Row(random, 50);
            Assert.That(sampler.TryShape(row, null, [2, 3], options, reused, out _), Is.True);
            Assert.That(reused.Weights.ToArray(), Is.EqualTo(Shape(row, [2, 3], options, out _).Weights.ToArray()));
        }
    }

    [Test]
    public void ADraftWithFewerTokensThanTheTargetGivesThoseItLacksNoWeight()
    {
        float[] row = [0, 1, 2];
        var distribution = new TokenDistribution(6);
        var options = Plain with { PresencePenalty = 1, LogitBias = [new LogitBias(4, 9)] };
        Assert.That(new Sampler(Kernels, 3).TryShape(row, null, [5, 1], options, distribution, out _), Is.True);
        var expected = ReferenceSampler.Softmax([0, 0, 2]);
        Assert.That(distribution.Weights.ToArray(), Is.EqualTo(new[] { expected[0], expected[1], expected[2], 0, 0, 0 }).Within(Tolerance));
    }

    private static void AssertShape(float[] row, int[] prefix, SamplingOptions options)
    {
        var shaped = Shape(row, prefix, options, out _);
        var expected = ReferenceSampler.Shape(row, null, prefix, options, row.Length);
        for (var token = 0; token < row.Length; token++)
        {
            Assert.That(shaped[token], Is.EqualTo(expected[token]).Within(Tolerance), $"token {token}, {options}");
            Assert.That(shaped[token] > 0, Is.EqualTo(expected[token] > 1e-30), $"token {token}, {options}");
        }

        Assert.That(shaped.Weights.ToArray().Sum(weight => (double)weight), Is.EqualTo(1).Within(1e-5));
    }

    private static TokenDistribution Shape(float[] row, int[] prefix, SamplingOptions options, out RowStatistics statistics)
    {
        var distribution = new TokenDistribution(row.Length);
        Assert.That(new Sampler(Kernels, row.Length).TryShape(row, null, prefix, options, distribution, out statistics), Is.True);
        return distribution;
    }

    private static void AssertRefused(float[] row)
    {
        var sampler = new Sampler(Kernels, row.Length);
        Assert.That(ArgMax(row, [], SamplingOptions.Greedy), Is.EqualTo(-1));
        foreach (var options in Stages())
        {
            Assert.That(sampler.TryShape(row, null, [1], options, new TokenDistribution(row.Length), out _), Is.False, options.ToString());
        }
    }

    private static int ArgMax(float[] row, int[] prefix, SamplingOptions options) =>
        new Sampler(Kernels, row.Length).ArgMax(row, null, prefix, options, out _);

    private static float[] Row(Random random, int length) => [.. Enumerable.Range(0, length).Select(_ => 12 * (random.NextSingle() - 0.5f))];

    private static int[] Prefix(Random random, int length) => [.. Enumerable.Range(0, random.Next(20)).Select(_ => random.Next(Math.Min(length, 8)))];
}
