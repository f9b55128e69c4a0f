using LlamaSpec.Models;

namespace LlamaSpec.Contracts.Runners;

/// <summary>What the contracts of <see cref="IModelRunner"/> share: a new runner for each test, and rows decoded alone to compare with.</summary>
/// <param name="backend">Makes the runners.</param>
public abstract class RunnerContract(RunnerBackend backend)
{
    /// <summary>Capacities of the runner.</summary>
    protected const int Cells = 512, Rows = 64, Sequences = 4;

    /// <summary>Its sequences.</summary>
    protected static readonly SequenceId First = new(0), Second = new(1), Third = new(2), Fourth = new(3);

    private IModelRunner _alone = null!;

    /// <summary>Makes the runners.</summary>
    protected RunnerBackend Backend { get; } = backend;

    /// <summary>An ordinary text.</summary>
    protected int[] Text { get; } = backend.Text;

    /// <summary>The runner under test, empty at the start of a test.</summary>
    protected IModelRunner Runner { get; private set; } = null!;

    /// <summary>A batch for it.</summary>
    protected TokenBatch Batch { get; } = new(Rows);

    /// <summary>Makes the runner to compare with.</summary>
    [OneTimeSetUp]
    public void CreateRunnerToCompareWith() => _alone = Backend.Create(Cells, Rows, sequenceCapacity: 1);

    /// <summary>Frees it.</summary>
    [OneTimeTearDown]
    public void DisposeRunnerToCompareWith() => _alone?.Dispose();

    /// <summary>Makes the runner under test.</summary>
    [SetUp]
    public void CreateRunner()
    {
        Runner = Backend.Create(Cells, Rows, Sequences);
        Batch.Clear();
    }

    /// <summary>Frees it.</summary>
    [TearDown]
    public void DisposeRunner() => Runner?.Dispose();

    /// <summary>Logits after the last of <paramref name="tokens"/>, which go on at <paramref name="position"/>.</summary>
    protected float[] DecodeLast(int[] tokens, int position, SequenceId sequence)
    {
        Fill(tokens, position, sequence);
        DecodeBatch();
        return Runner.LogitsRow(tokens.Length - 1).ToArray();
    }

    /// <summary>Makes the batch one of these tokens; the last one wants its logits.</summary>
    protected void Fill(int[] tokens, int position, SequenceId sequence) => Fill(Batch, tokens, position, sequence);

    /// <summary>Decodes the batch, which must fit.</summary>
    protected void DecodeBatch() => Assert.That(Runner.Decode(Batch), Is.EqualTo(DecodeStatus.Ok));

    /// <summary>Logits after the last of <paramref name="tokens"/> in a KV cache that holds nothing else.</summary>
    protected float[] Alone(params int[] tokens)
    {
        var batch = new TokenBatch(Rows);
        _alone.ReleaseSequence(First);
        Fill(batch, tokens, 0, First);
        Assert.That(_alone.Decode(batch), Is.EqualTo(DecodeStatus.Ok));
        return _alone.LogitsRow(tokens.Length - 1).ToArray();
    }

    /// <summary>Fills a sequence from its start until fewer than <paramref name="rows"/> cells are left; returns its length.</summary>
    protected int FillCells(SequenceId sequence, int rows)
    {
        var length = 0;
        while (length + rows <= Runner.CellCapacity)
        {
            DecodeLast(Repeated(rows), length, sequence);
            length += rows;
        }

        return length;
    }

    /// <summary>The text over and over.</summary>
    protected int[] Repeated(int count) => [.. Enumerable.Range(0, count).Select(i => Text[i % Text.Length])];

    /// <summary>Two rows that should be the same are, but for the backend's noise.</summary>
    protected void AssertSame(ReadOnlySpan<float> actual, ReadOnlySpan<float> expected, string what = "the row") =>
        Assert.That(Distance.Largest(actual, expected), Is.LessThanOrEqualTo(Backend.Noise), what);

    /// <summary>The same for a sequence whose cells lie in another order than its positions.</summary>
    protected void AssertSameThoughMoved(ReadOnlySpan<float> actual, ReadOnlySpan<float> expected, string what = "the row") =>
        Assert.That(Distance.Largest(actual, expected), Is.LessThanOrEqualTo(Backend.NoiseOfMovedCells), what);

    /// <summary>Two rows that saw different tokens differ: what makes the other comparisons worth something.</summary>
    protected void AssertDifferent(ReadOnlySpan<float> actual, ReadOnlySpan<float> expected, string what = "the row") =>
        Assert.That(Distance.Largest(actual, expected), Is.GreaterThan(Backend.Signal), what);

    private static void Fill(TokenBatch batch, int[] tokens, int position, SequenceId sequence)
    {
        batch.Clear();
        for (var i = 0; i < tokens.Length; i++)
        {
            batch.Add(tokens[i], position + i, sequence, i == tokens.Length - 1);
        }
    }
}
