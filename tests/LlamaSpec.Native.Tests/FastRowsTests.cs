using LlamaSpec.Models;

namespace LlamaSpec.Native.Tests;

/// <summary>LlamaSpec's own matrix products, under a real model.</summary>
public sealed class FastRowsTests
{
    private const int RowCount = 40;
    private static readonly SequenceId Sequence = new(0);

    private readonly int[] _tokens =
    [
        .. EmbeddedModels.Target.Tokenizer
            .Encode(string.Join(' ', Enumerable.Repeat("Once upon a time there was a small house near the sea.", 4)), addSpecial: false, parseSpecial: false)
            .Take(RowCount),
    ];

    [SetUp]
    public void RequireInstructions() =>
        Assume.That(LlamaBackend.FastRowInstructions, Is.Not.Null, "This processor has none of the instructions.");

    // What makes greedy speculation give the very text of plain decoding: verifying k rows is the same arithmetic as decoding them singly.
    [Test]
    public void ALogitsRowHasTheSameBitsHoweverManyRowsADecodeHas()
    {
        using var runner = Create(FastRows.On);
        var expected = Decode(runner, 1);
        foreach (var rows in (int[])[2, 3, 4, 5, 8, 9, 17, 33, RowCount])
        {
            Assert.That(Decode(runner, rows).AsSpan().SequenceEqual(expected), Is.True, $"{rows} rows");
        }
    }

    [Test]
    public void TheyAreNearLlamaCppsOwn()
    {
        using var stock = Create(FastRows.Off);
        using var fast = Create(FastRows.On);
        var (expected, actual) = (Decode(stock, 8), Decode(fast, 8));
        var mean = expected.Zip(actual, static (left, right) => Math.Abs((double)left - right)).Average();
        TestContext.Out.WriteLine($"mean difference of a logit {mean:F3}");

        // A 4-bit target moves by 0.1 to 0.2 whenever an activation is rounded otherwise, as between llama.cpp's own kernels (docs/decisions.md).
        Assert.That(mean, Is.InRange(1e-6, 0.3));
        Assert.That(fast.FastProductCount, Is.GreaterThan(0));
        Assert.That(stock.FastProductCount, Is.Zero);
    }

    [Test]
    public void AutoIsOnWhereTheProcessorCan()
    {
        using var automatic = Create(FastRows.Auto);
        using var on = Create(FastRows.On);
        Assert.That(Decode(automatic, 4).AsSpan().SequenceEqual(Decode(on, 4)), Is.True);
        Assert.That(automatic.FastProductCount, Is.EqualTo(on.FastProductCount).And.GreaterThan(0));
    }

    [Test]
    public void TheRangeOfRowsIsHonoured()
    {
        using var runner = Create(FastRows.Off);
        var stock = Decode(runner, 4);
        runner.SetFastRows(4, 8);
        Assert.That(Decode(runner, 4).AsSpan().SequenceEqual(stock), Is.False);
        var taken = runner.FastProductCount;
        Decode(runner, 2);
        Assert.That(runner.FastProductCount, Is.EqualTo(taken).And.GreaterThan(0));
        runner.SetFastRows(0, 0);
        Assert.That(Decode(runner, 4).AsSpan().SequenceEqual(stock), Is.True);
        Assert.That(() => runner.SetFastRows(2, 1), Throws.ArgumentException);
    }

    private static LlamaModelRunner Create(FastRows fastRows) => new(EmbeddedModels.Target, new LlamaContextOptions
    {
        CellCapacity = 256,
        RowCapacity = RowCount,
        ThreadCount = 1,
        FastRows = fastRows,
    });

    // The logits of all tokens, decoded in batches of that many rows.
    private float[] Decode(LlamaModelRunner runner, int rows)
    {
        var columnCount = runner.Model.VocabularySize;
        var logits = new float[RowCount * columnCount];
        var batch = new TokenBatch(rows);
        runner.ReleaseSequence(Sequence);
        for (var start = 0; start < RowCount; start += batch.Count)
        {
            batch.Clear();
            for (var i = start; i < Math.Min(start + rows, RowCount); i++)
            {
                batch.Add(_tokens[i], i, Sequence, wantsLogits: true);
            }

            Assert.That(runner.Decode(batch), Is.EqualTo(DecodeStatus.Ok));
            for (var row = 0; row < batch.Count; row++)
            {
                runner.LogitsRow(row).CopyTo(logits.AsSpan((start + row) * columnCount, columnCount));
            }
        }

        return logits;
    }
}
