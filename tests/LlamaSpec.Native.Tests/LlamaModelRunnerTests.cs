using LlamaSpec.Models;

namespace LlamaSpec.Native.Tests;

/// <summary>What the runner over the shim says and does beyond the contracts of the seam.</summary>
public sealed class LlamaModelRunnerTests
{
    private static readonly LlamaContextOptions SmallContext = new() { CellCapacity = 512, RowCapacity = 64, SequenceCapacity = 4, ThreadCount = 1 };
    private static readonly SequenceId First = new(0);

    private readonly TokenBatch _batch = new(64);
    private LlamaModelRunner _runner = null!;

    [SetUp]
    public void CreateRunner()
    {
        _runner = new LlamaModelRunner(EmbeddedModels.Target, SmallContext);
        _batch.Clear();
    }

    [TearDown]
    public void DisposeRunner() => _runner.Dispose();

    [Test]
    public void CellsAreRoundedUpAsAllocated()
    {
        Assert.That(_runner.Model, Is.SameAs(EmbeddedModels.Target.Info));
        Assert.That(_runner.Model.VocabularySize, Is.EqualTo(49152));
        using var rounded = new LlamaModelRunner(EmbeddedModels.Draft, new LlamaContextOptions { CellCapacity = 300, RowCapacity = 8 });
        Assert.That(rounded.CellCapacity, Is.EqualTo(512));
    }

    [Test]
    public void LogitsLieTogether()
    {
        _batch.Add(1, 0, First, wantsLogits: true);
        _batch.Add(2, 1, First, wantsLogits: true);
        _runner.Decode(_batch);
        Assert.That(_runner.LogitsBlock.Length, Is.EqualTo(2 * 49152));
    }

    [TestCase(-1, 0, 0, "outside the vocabulary")]
    [TestCase(49152, 0, 0, "outside the vocabulary")]
    [TestCase(1, 1, 0, "leaves a gap")]
    [TestCase(1, 0, 4, "not one of the context's 4")]
    [TestCase(1, 0, -1, "not one of the context's 4")]
    public void ARefusalNamesWhatIsOutOfRange(int token, int position, int sequence, string part)
    {
        _batch.Add(token, position, new SequenceId(sequence), wantsLogits: true);
        Assert.That(() => _runner.Decode(_batch), Throws.ArgumentException.With.Message.Contains(part));
    }

    [Test]
    public void ARefusalOfABatchNamesTheRange()
    {
        var large = new TokenBatch(65);
        for (var i = 0; i < 65; i++)
        {
            large.Add(1, i, First, wantsLogits: false);
        }

        Assert.That(() => _runner.Decode(large), Throws.ArgumentException.With.Message.Contains("must be 1..64"));
    }

    [Test]
    public void ARefusalOfARowSaysWhatWasNotAskedFor()
    {
        _batch.Add(1, 0, First, wantsLogits: false);
        _runner.Decode(_batch);
        Assert.That(() => _runner.LogitsRow(0), Throws.ArgumentException.With.Message.Contains("without asking for its logits"));
        Assert.That(() => _runner.HiddenRow(0), Throws.ArgumentException.With.Message.Contains("without asking for hidden rows"));
        _batch.Clear();
        _batch.Add(1, 1, First, wantsLogits: false);
        _batch.WantsHiddenRows = true;
        Assert.That(() => _runner.Decode(_batch), Throws.ArgumentException.With.Message.Contains("row 0 wants no logits"));
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

        Assert.That(
            static () => new LlamaModelRunner(EmbeddedModels.Draft, new LlamaContextOptions { ThreadCount = 0 }), Throws.ArgumentException.With.Message.Contains("thread_count is 0"));
        Assert.That(() => _runner.SetThreadCount(0), Throws.ArgumentException);
    }
}
