using LlamaSpec.Models;

namespace LlamaSpec.Native.Tests;

public sealed class LlamaModelRunnerTests
{
    private static readonly LlamaContextOptions SmallContext = new() { CellCapacity = 512, RowCapacity = 64, SequenceCapacity = 4, ThreadCount = 1 };
    private static readonly SequenceId First = new(0);
    private static readonly SequenceId Second = new(1);

    private readonly int[] _tokens = EmbeddedModels.Target.Tokenizer.Encode("Once upon a time there was a small house near the sea.", addSpecial: false, parseSpecial: false);
    private readonly TokenBatch _batch = new(64);
    private LlamaModelRunner _runner = null!;

    [SetUp]
    public void CreateRunner() => _runner = new LlamaModelRunner(EmbeddedModels.Target, SmallContext);

    [TearDown]
    public void DisposeRunner() => _runner.Dispose();

    [Test]
    public void CapacitiesAreThoseAllocated()
    {
        Assert.That((_runner.CellCapacity, _runner.RowCapacity, _runner.SequenceCapacity), Is.EqualTo((512, 64, 4)));
        Assert.That(_runner.Model, Is.SameAs(EmbeddedModels.Target.Info));
        using var rounded = new LlamaModelRunner(EmbeddedModels.Draft, new LlamaContextOptions { CellCapacity = 300, RowCapacity = 8 });
        Assert.That(rounded.CellCapacity, Is.EqualTo(512));
    }

    [Test]
    public void DecodeGivesFiniteLogitsAndLengthens()
    {
        var logits = DecodeLast(_tokens, 0, First);
        Assert.That(logits, Has.Length.EqualTo(49152));
        Assert.That(logits.All(float.IsFinite), Is.True);
        Assert.That(_runner.SequenceLength(First), Is.EqualTo(_tokens.Length));
        Assert.That(_runner.SequenceLength(Second), Is.Zero);
    }

    [Test]
    public void RejectedTokensLeaveTheKvCache()
    {
        var expected = DecodeLast(_tokens, 0, Second);
        DecodeLast([.. _tokens[..5], .. _tokens[..7].Reverse()], 0, First);
        Assert.That(_runner.TrimSequence(First, 5), Is.True);
        Assert.That(_runner.SequenceLength(First), Is.EqualTo(5));
        Assert.That(Logits.LargestDifference(DecodeLast(_tokens[5..], 5, First), expected), Is.LessThan(Logits.Noise));
    }

    [Test]
    public void WithoutTheTrimTheLogitsWouldDiffer()
    {
        var expected = DecodeLast(_tokens, 0, Second);
        DecodeLast([.. _tokens[..5], .. _tokens[..7].Reverse()], 0, First);
        Assert.That(Logits.LargestDifference(DecodeLast(_tokens[5..], 12, First), expected), Is.GreaterThan(1f));
    }

    [Test]
    public void TokenByTokenEqualsAllAtOnce()
    {
        var expected = DecodeLast(_tokens, 0, Second);
        float[] logits = [];
        for (var i = 0; i < _tokens.Length; i++)
        {
            logits = DecodeLast([_tokens[i]], i, First);
        }

        Assert.That(Logits.LargestDifference(logits, expected), Is.LessThan(Logits.Noise));
    }

    [Test]
    public void OneBatchServesSeveralSequences()
    {
        var first = DecodeLast(_tokens[..6], 0, new SequenceId(2));
        var second = DecodeLast(_tokens[3..9], 0, new SequenceId(3));
        _batch.Clear();
        for (var i = 0; i < 6; i++)
        {
            _batch.Add(_tokens[i], i, First, i == 5);
            _batch.Add(_tokens[i + 3], i, Second, i == 5);
        }

        Assert.That(_runner.Decode(_batch), Is.EqualTo(DecodeStatus.Ok));
        Assert.That(Logits.LargestDifference(_runner.LogitsRow(10), first), Is.LessThan(Logits.Noise));
        Assert.That(Logits.LargestDifference(_runner.LogitsRow(11), second), Is.LessThan(Logits.Noise));
    }

    [Test]
    public void AFullCacheIsAStatusAndWritesNothing()
    {
        for (var i = 0; i < 8; i++)
        {
            DecodeLast([.. Enumerable.Repeat(_tokens[0], 60)], 60 * i, First);
        }

        Fill([.. Enumerable.Repeat(_tokens[0], 60)], 0, Second);
        Assert.That(_runner.Decode(_batch), Is.EqualTo(DecodeStatus.NoKvSlot));
        Assert.That(_runner.SequenceLength(Second), Is.Zero);
        _runner.ReleaseSequence(First);
        Assert.That(_runner.Decode(_batch), Is.EqualTo(DecodeStatus.Ok));
    }

    [Test]
    public void AnAbortedDecodeLeavesAUsableContext()
    {
        var status = DecodeStatus.Ok;
        using var stop = new CancellationTokenSource();
        var aborter = new Thread(() =>
        {
            while (!stop.Token.WaitHandle.WaitOne(1))
            {
                _runner.RequestAbort();
            }
        });
        aborter.Start();

        // A request between two decodes is forgotten, so some get through; not a thousand in a row.
        for (var attempt = 0; attempt < 1000 && status == DecodeStatus.Ok; attempt++)
        {
            _runner.ReleaseSequence(First);
            Fill([.. Enumerable.Repeat(_tokens[0], 64)], 0, First);
            status = _runner.Decode(_batch);
        }

        stop.Cancel();
        aborter.Join();
        Assert.That(status, Is.EqualTo(DecodeStatus.Aborted));
        Assert.That(() => _runner.LogitsRow(63), Throws.ArgumentException);
        _runner.ReleaseSequence(First);
        Assert.That(Logits.LargestDifference(DecodeLast(_tokens, 0, First), DecodeLast(_tokens, 0, Second)), Is.LessThan(Logits.Noise));
    }

    [Test]
    public void AnAbortBeforeTheDecodeIsForgotten()
    {
        _runner.RequestAbort();
        Assert.That(DecodeLast(_tokens, 0, First), Is.Not.Empty);
    }

    [TestCase(-1, 0, 0, "outside the vocabulary")]
    [TestCase(49152, 0, 0, "outside the vocabulary")]
    [TestCase(1, 1, 0, "leaves a gap")]
    [TestCase(1, 0, 4, "not one of the context's 4")]
    [TestCase(1, 0, -1, "not one of the context's 4")]
    public void RowsOutOfRangeAreRefused(int token, int position, int sequence, string part)
    {
        _batch.Clear();
        _batch.Add(token, position, new SequenceId(sequence), wantsLogits: true);
        Assert.That(() => _runner.Decode(_batch), Throws.ArgumentException.With.Message.Contains(part));
    }

    [Test]
    public void BatchesOutOfRangeAreRefused()
    {
        _batch.Clear();
        Assert.That(() => _runner.Decode(_batch), Throws.ArgumentException);
        var large = new TokenBatch(65);
        for (var i = 0; i < 65; i++)
        {
            large.Add(1, i, First, wantsLogits: false);
        }

        Assert.That(() => _runner.Decode(large), Throws.ArgumentException.With.Message.Contains("must be 1..64"));
        Assert.That(() => _runner.TrimSequence(First, -1), Throws.ArgumentException);
        Assert.That(() => _runner.SequenceLength(new SequenceId(4)), Throws.ArgumentException);
    }

    [Test]
    public void LogitsNotAskedForAreRefused()
    {
        DecodeLast(_tokens, 0, First);
        Assert.That(() => _runner.LogitsRow(0), Throws.ArgumentException.With.Message.Contains("without asking"));
        Assert.That(() => _runner.LogitsRow(_tokens.Length), Throws.ArgumentException);
        Assert.That(() => _runner.LogitsRow(-1), Throws.ArgumentException);
    }

    [Test]
    public void HiddenRowsComeWithTheSameLogits()
    {
        var plain = DecodeAll(_tokens.Length, wantsHiddenRows: false);
        var (logits, hidden) = DecodeAll(_tokens.Length, wantsHiddenRows: true);
        Assert.That(logits, Is.EqualTo(plain.Logits));
        Assert.That(hidden, Has.Length.EqualTo(_tokens.Length));
        Assert.That(hidden.All(row => row.Length == EmbeddedModels.Target.Info.HiddenSize && row.All(float.IsFinite)), Is.True);
        Assert.That(DecodeAll(_tokens.Length, wantsHiddenRows: false).Logits, Is.EqualTo(plain.Logits));
    }

    [Test]
    public void AHiddenRowIsTheSameAloneAndAmongOthers()
    {
        var together = DecodeAll(_tokens.Length, wantsHiddenRows: true).Hidden;
        var alone = DecodeAll(1, wantsHiddenRows: true).Hidden;
        for (var i = 0; i < _tokens.Length; i++)
        {
            Assert.That(Logits.LargestDifference(alone[i], together[i]), Is.LessThan(Logits.Noise));
        }

        Assert.That(Logits.LargestDifference(together[^1], together[^2]), Is.GreaterThan(1f));
    }

    [Test]
    public void HiddenRowsNotAskedForAreRefused()
    {
        DecodeAll(_tokens.Length, wantsHiddenRows: false);
        Assert.That(() => _runner.HiddenRow(0), Throws.ArgumentException.With.Message.Contains("without asking for hidden rows"));
        Fill(_tokens, _tokens.Length, First);
        _batch.WantsHiddenRows = true;
        Assert.That(() => _runner.Decode(_batch), Throws.ArgumentException.With.Message.Contains("row 0 wants no logits"));
        Assert.That(_runner.SequenceLength(First), Is.EqualTo(_tokens.Length));
    }

    [Test]
    public void OptionsOutOfRangeAreRefused()
    {
        LlamaContextOptions[] bad =
        [
            new() { CellCapacity = 0 }, new() { RowCapacity = -1 }, new() { SequenceCapacity = 257 }, new() { ThreadCount = 0 }, new() { CellCapacity = int.MaxValue },
        ];
        foreach (var options in bad)
        {
            Assert.That(() => new LlamaModelRunner(EmbeddedModels.Draft, options), Throws.ArgumentException.With.Message.Contains("must be"));
        }

        Assert.That(() => _runner.SetThreadCount(0), Throws.ArgumentException);
    }

    [Test]
    public void ADisposedRunnerSaysSo()
    {
        Fill(_tokens, 0, First);
        _runner.Dispose();
        Assert.That(() => _runner.Decode(_batch), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => _runner.LogitsRow(0), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => _runner.HiddenRow(0), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => _runner.TrimSequence(First, 0), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => _runner.ReleaseSequence(First), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => _runner.SequenceLength(First), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(_runner.RequestAbort, Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public void ADecodeAllocatesNothing()
    {
        DecodeLast(_tokens, 0, First);
        Fill([_tokens[0]], _tokens.Length, First);
        _batch.WantsHiddenRows = true;
        var row = _batch.Count - 1;
        DecodeAndTrim(row);
        var before = GC.GetAllocatedBytesForCurrentThread();
        DecodeAndTrim(row);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    private void DecodeAndTrim(int row)
    {
        for (var i = 0; i < 20; i++)
        {
            _runner.Decode(_batch);
            _runner.LogitsRow(row);
            _runner.HiddenRow(row);
            _runner.SequenceLength(First);
            _runner.TrimSequence(First, _tokens.Length);
        }
    }

    private (float[][] Logits, float[][] Hidden) DecodeAll(int rowsOfADecode, bool wantsHiddenRows)
    {
        List<float[]> logits = [];
        List<float[]> hidden = [];
        _runner.ReleaseSequence(First);
        for (var start = 0; start < _tokens.Length; start += rowsOfADecode)
        {
            _batch.Clear();
            _batch.WantsHiddenRows = wantsHiddenRows;
            for (var i = start; i < Math.Min(_tokens.Length, start + rowsOfADecode); i++)
            {
                _batch.Add(_tokens[i], i, First, wantsLogits: true);
            }

            Assert.That(_runner.Decode(_batch), Is.EqualTo(DecodeStatus.Ok));
            for (var row = 0; row < _batch.Count; row++)
            {
                logits.Add(_runner.LogitsRow(row).ToArray());
                hidden.Add(wantsHiddenRows ? _runner.HiddenRow(row).ToArray() : []);
            }
        }

        return ([.. logits], [.. hidden]);
    }

    private float[] DecodeLast(int[] tokens, int position, SequenceId sequence)
    {
        Fill(tokens, position, sequence);
        Assert.That(_runner.Decode(_batch), Is.EqualTo(DecodeStatus.Ok));
        return _runner.LogitsRow(tokens.Length - 1).ToArray();
    }

    private void Fill(int[] tokens, int position, SequenceId sequence)
    {
        _batch.Clear();
        for (var i = 0; i < tokens.Length; i++)
        {
            _batch.Add(tokens[i], position + i, sequence, i == tokens.Length - 1);
        }
    }
}
