using LLama;
using LLama.Common;
using LLama.Native;
using LlamaSpec.Models;

namespace LlamaSpec.LLamaSharp.Tests;

public sealed class LLamaSharpRunnerTests
{
    private static readonly SequenceId First = new(0);

    [Test]
    public void AContextThatHoldsTokensIsRefused()
    {
        using var context = EmbeddedWeights.Target.CreateContext(Small());
        var batch = new LLamaBatch();
        batch.Add(5, 0, LLamaSeqId.Zero, logits: true);
        context.NativeHandle.Decode(batch);

        Assert.That(() => new LLamaSharpRunner(context), Throws.ArgumentException.With.Message.Contains("holds 1 tokens of sequence 0"));
        context.NativeHandle.MemoryClear();
        using var runner = new LLamaSharpRunner(context);
        Assert.That(DecodeOne(runner, 0), Is.EqualTo(DecodeStatus.Ok));
    }

    [Test]
    public void SequencesWithCellsOfTheirOwnAreRefused()
    {
        using var context = EmbeddedWeights.Target.CreateContext(Small() with { SeqMax = 2, KVUnified = false });
        Assert.That(() => new LLamaSharpRunner(context), Throws.ArgumentException.With.Message.Contains("KVUnified = true"));
    }

    [Test]
    public void AContextThatWasHandedOverIsEmptiedAndNotFreed()
    {
        using var context = EmbeddedWeights.Target.CreateContext(Small());
        using (var runner = new LLamaSharpRunner(context))
        {
            Assert.That((runner.OwnsContext, runner.CanInterrupt), Is.EqualTo((false, false)));
            DecodeOne(runner, 0);
        }

        Assert.That(context.NativeHandle.MemorySequenceMaxPosition(LLamaSeqId.Zero).Value, Is.EqualTo(-1));
        using var next = new LLamaSharpRunner(context);
        Assert.That(DecodeOne(next, 0), Is.EqualTo(DecodeStatus.Ok));
    }

    [Test]
    public void ARunnerOutlivesItsWeights()
    {
        LLamaSharpRunner runner;
        using (var weights = LLamaWeights.LoadFromFile(EmbeddedWeights.Parameters(EmbeddedWeights.TargetPath)))
        {
            runner = new LLamaSharpRunner(weights, Small());
        }

        using (runner)
        {
            Assert.That((runner.OwnsContext, runner.CanInterrupt), Is.EqualTo((true, true)));
            Assert.That(DecodeOne(runner, 0), Is.EqualTo(DecodeStatus.Ok));
        }
    }

    [Test]
    public void AContextThatTheApplicationFreesFirstIsNoCrash()
    {
        var context = EmbeddedWeights.Target.CreateContext(Small());
        using var runner = new LLamaSharpRunner(context);
        context.Dispose();
        Assert.That(() => DecodeOne(runner, 0), Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public void APhysicalBatchIsTheMostThatADecodeTakes()
    {
        using var context = EmbeddedWeights.Target.CreateContext(Small() with { BatchSize = 128, UBatchSize = 32 });
        using var runner = new LLamaSharpRunner(context);
        Assert.That(runner.RowCapacity, Is.EqualTo(32));
    }

    [Test]
    public void SizesOutOfRangeAreRefused()
    {
        ModelParams[] bad =
        [
            Small() with { ContextSize = uint.MaxValue }, Small() with { BatchSize = 0 }, Small() with { BatchSize = 100_000 }, Small() with { SeqMax = 257 },
            Small() with { Threads = 513 }, Small() with { BatchThreads = 513 },
        ];
        foreach (var parameters in bad)
        {
            Assert.That(() => new LLamaSharpRunner(EmbeddedWeights.Target, parameters), Throws.InstanceOf<ArgumentException>().With.Message.Contains("must be from"));
        }
    }

    private static ModelParams Small() => EmbeddedWeights.Parameters(EmbeddedWeights.TargetPath) with { ContextSize = 256, BatchSize = 64, UBatchSize = 64 };

    private static DecodeStatus DecodeOne(LLamaSharpRunner runner, int position)
    {
        var batch = new TokenBatch(1);
        batch.Add(5, position, First, wantsLogits: true);
        return runner.Decode(batch);
    }
}
