using LlamaSpec.Models;

namespace LlamaSpec.Native.Tests;

public sealed class LlamaModelRunnerTests
{
    // Batches of different sizes take different kernels, so logits differ in the last bits.
    private const float Noise = 0.05f;

    private static readonly LlamaContextOptions SmallContext = new() { CellCapacity = 512, RowCapacity = 64, SequenceCapacity = 4, ThreadCount = 2 };

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
        Assert.That(_runner.CellCapacity, Is.EqualTo(512));
        Assert.That(_runner.RowCapacity, Is.EqualTo(64));
        Assert.That(_runner.SequenceCapacity, Is.EqualTo(4));
        Assert.That(_runner.Model.VocabularySize, Is.EqualTo(49152));
    }

    [Test]
    public void DecodeGivesFiniteLogitsAndLengthens()
    {
        var logits = DecodeLast(_runner, _tokens, 0, 0);
        Assert.That(logits, Has.Length.EqualTo(49152));
        Assert.That(logits, Has.All.Matches<float>(float.IsFinite));
        Assert.That(_runner.SequenceLength(new SequenceId(0)), Is.EqualTo(_tokens.Length));
    }

    [Test]
    public void TrimmedSequenceDecodesLikeAFreshOne()
    {
        var expected = DecodeLast(_runner, _tokens, 0, 1);
        DecodeLast(_runner, [.. _tokens[..5], .. _tokens[..7].Reverse()], 0, 0);
        Assert.That(_runner.TrimSequence(new SequenceId(0), 5), Is.True);
        Assert.That(_runner.SequenceLength(new SequenceId(0)), Is.EqualTo(5));
        Assert.That(DecodeLast(_runner, _tokens[5..], 5, 0), Is.EqualTo(expected).Within(Noise));
    }

    [Test]
    public void SequencesDoNotSeeEachOther()
    {
        var expected = DecodeLast(_runner, _tokens, 0, 0);
        DecodeLast(_runner, [.. _tokens.Reverse()], 0, 1);
        Assert.That(DecodeLast(_runner, _tokens, 0, 2), Is.EqualTo(expected).Within(Noise));
    }

    [Test]
    public void OneBatchServesSeveralSequences()
    {
        var first = DecodeLast(_runner, _tokens[..6], 0, 2);
        var second = DecodeLast(_runner, _tokens[3..9], 0, 3);
        _batch.Clear();
        for (var i = 0; i < 6; i++)
        {
            _batch.Add(_tokens[i], i, new SequenceId(0), i == 5);
            _batch.Add(_tokens[i + 3], i, new SequenceId(1), i == 5);
        }

        Assert.That(_runner.Decode(_batch), Is.EqualTo(DecodeStatus.Ok));
        Assert.That(_runner.LogitsRow(10).ToArray(), Is.EqualTo(first).Within(Noise));
        Assert.That(_runner.LogitsRow(11).ToArray(), Is.EqualTo(second).Within(Noise));
    }

    private float[] DecodeLast(LlamaModelRunner runner, int[] tokens, int position, int sequence)
    {
        _batch.Clear();
        var row = -1;
        for (var i = 0; i < tokens.Length; i++)
        {
            row = _batch.Add(tokens[i], position + i, new SequenceId(sequence), i == tokens.Length - 1);
        }

        Assert.That(runner.Decode(_batch), Is.EqualTo(DecodeStatus.Ok));
        return runner.LogitsRow(row).ToArray();
    }
}
