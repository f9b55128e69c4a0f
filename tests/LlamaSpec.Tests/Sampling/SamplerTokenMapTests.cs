using LlamaSpec.Models;
using LlamaSpec.Sampling;

namespace LlamaSpec.Tests.Sampling;

/// <summary>Rows of a trimmed draft: their columns are not tokens.</summary>
public class SamplerTokenMapTests
{
    private const int TargetVocabularySize = 12;

    // Row 2 is fed for unknown tokens although the file names a token for it; rows 4 and 6 stand for nothing.
    private static readonly TokenMap Map = new([9, 3, 5, 0, -1, 11, -1], unknownRow: 2, TargetVocabularySize);
    private static readonly ManagedKernels Kernels = new();
    private static readonly SamplingOptions Plain = new() { Temperature = 1, TopK = 0, TopP = 1, MinP = 0 };

    public static IEnumerable<SamplingOptions> Options() =>
    [
        Plain,
        Plain with { TopK = 6 },
        Plain with { TopK = 2 },
        Plain with { TopP = 0.8317f },
        Plain with { MinP = 0.1f, Temperature = 0.5f },
        Plain with { FrequencyPenalty = 0.7f, RepetitionPenalty = 1.3f },
        Plain with { LogitBias = [new LogitBias(3, 2), new LogitBias(5, 50), new LogitBias(7, 50)] },
        new(),
    ];

    [Test]
    public void WeightGoesToTargetTokensOnly([ValueSource(nameof(Options))] SamplingOptions options, [Range(1, 6)] int seed)
    {
        var random = new Random(seed);
        var row = Enumerable.Range(0, Map.RowCount).Select(_ => 6 * random.NextSingle()).ToArray();
        int[] prefix = [9, 9, 3, 5, 7, 11];
        var distribution = new TokenDistribution(TargetVocabularySize);
        Assert.That(new Sampler(Kernels, Map.RowCount).TryShape(row, Map, prefix, options, distribution, out _), Is.True);
        var expected = ReferenceSampler.Shape(row, Map, prefix, options, TargetVocabularySize);
        Assert.That(distribution.Weights.ToArray(), Is.EqualTo(expected).Within(2e-6));
    }

    [Test]
    public void RowsWithoutATokenAreNeverProposedHoweverLikely([ValueSource(nameof(Options))] SamplingOptions options)
    {
        float[] row = [0, 0, 80, 0, 90, 0, 100];
        var sampler = new Sampler(Kernels, Map.RowCount);
        var distribution = new TokenDistribution(TargetVocabularySize);
        Assert.That(sampler.TryShape(row, Map, [], options, distribution, out _), Is.True);
        Assert.That(distribution[5], Is.Zero, "the unknown row names token 5");
        Assert.That(distribution.Weights.ToArray().Sum(), Is.EqualTo(1).Within(1e-5));
        Assert.That(sampler.ArgMax(row, Map, [], options, out _), Is.AnyOf(9, 3, 0, 11));
    }

    [Test]
    public void GreedyGivesTheTargetsId()
    {
        float[] row = [0, 1, 9, 4, 9, 3, 9];
        var sampler = new Sampler(Kernels, Map.RowCount);
        Assert.That(sampler.ArgMax(row, Map, [], SamplingOptions.Greedy, out _), Is.Zero);
        Assert.That(sampler.ArgMax(row, Map, [0], SamplingOptions.Greedy with { PresencePenalty = 2 }, out _), Is.EqualTo(11));
        Assert.That(sampler.ArgMax(row, Map, [], SamplingOptions.Greedy with { LogitBias = [new LogitBias(9, 8)] }, out _), Is.EqualTo(9));
    }

    [Test]
    public void ARowThatNamesNoTokenAtAllIsRefused()
    {
        float[] row = [float.NegativeInfinity, float.NegativeInfinity, 1, float.NegativeInfinity, 1, float.NegativeInfinity, 1];
        var sampler = new Sampler(Kernels, Map.RowCount);
        Assert.That(sampler.TryShape(row, Map, [], new SamplingOptions(), new TokenDistribution(TargetVocabularySize), out _), Is.False);
        Assert.That(sampler.ArgMax(row, Map, [], SamplingOptions.Greedy, out _), Is.EqualTo(-1));
    }
}
