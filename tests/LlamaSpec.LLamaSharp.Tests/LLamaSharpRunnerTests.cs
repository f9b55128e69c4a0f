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
    public void ContextsThatAnEngineCannotWorkWithAreRefused()
    {
        Refused(Small() with { SeqMax = 2, KVUnified = false }, "KVUnified = true");
        Refused(Small() with { PoolingType = LLamaPoolingType.Mean, Embeddings = true }, "PoolingType = LLamaPoolingType.None");

        static void Refused(ModelParams parameters, string part)
        {
            using var context = EmbeddedWeights.Target.CreateContext(parameters);
            Assert.That(() => new LLamaSharpRunner(context), Throws.ArgumentException.With.Message.Contains(part));
        }
    }

    [Test]
    public void AContextThatCannotBeCreatedIsAClearFailure()
    {
        // llama.cpp wants flash attention for it; LLamaSharp takes the missing context for one.
        var impossible = Small() with { TypeV = GGMLType.GGML_TYPE_Q8_0, FlashAttention = false };
        Assert.That(() => new LLamaSharpRunner(EmbeddedWeights.Target, impossible), Throws.TypeOf<ModelFailureException>().With.Message.Contains("flash attention"));
        using var context = EmbeddedWeights.Target.CreateContext(impossible);
        Assert.That(() => new LLamaSharpRunner(context), Throws.TypeOf<ModelFailureException>().With.Message.Contains("was not created"));
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
            Assert.That(runner.LogitsRow(0).ToArray(), Has.All.Matches<float>(float.IsFinite));
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
