using LlamaSpec.Models;

namespace LlamaSpec.Contracts.Runners;

/// <summary>What a runner promises of a KV cache that is full, and of cells that are free again.</summary>
/// <param name="backend">Makes the runners.</param>
public abstract class FullCacheContract(RunnerBackend backend) : RunnerContract(backend)
{
    private const int Chunk = 60;

    [Test]
    public void AFullCacheIsAStatusAndWritesNothing()
    {
        var length = FillCells(First, Chunk);
        Fill(Repeated(Chunk), 0, Second);
        Assert.That(Runner.Decode(Batch), Is.EqualTo(DecodeStatus.NoKvSlot));
        Assert.That(() => Runner.LogitsRow(Chunk - 1), Throws.InstanceOf<ArgumentException>());
        Assert.That((Runner.SequenceLength(First), Runner.SequenceLength(Second)), Is.EqualTo((length, 0)));
        AssertSame(DecodeLast(Text[..2], 0, Third), Alone(Text[..2]), "what fits is decoded");

        Runner.ReleaseSequence(First);
        AssertSame(DecodeLast(Repeated(Chunk), 0, Second), Alone(Repeated(Chunk)), "the batch that did not fit");
    }

    [Test]
    public void CellsThatATrimDropsAreFree()
    {
        FillCells(First, Chunk);
        Runner.TrimSequence(First, Chunk);
        DecodeLast(Repeated(Chunk), 0, Second);
        Assert.That((Runner.SequenceLength(First), Runner.SequenceLength(Second)), Is.EqualTo((Chunk, Chunk)));
    }

    [Test]
    public void CopiesTakeNoCells()
    {
        var length = FillCells(First, Chunk);
        Runner.CopySequence(First, Second, 0, length);
        Runner.CopySequence(First, Third, 0, length);
        DecodeLast(Text[..2], length, Second);
        Assert.That(Runner.SequenceLength(Second), Is.EqualTo(length + 2));
    }

    [Test]
    public void SharedCellsAreFreeWhenTheLastSequenceDropsThem()
    {
        var length = FillCells(First, Chunk);
        Runner.CopySequence(First, Second, 0, length);
        Runner.ReleaseSequence(First);
        Fill(Repeated(Chunk), 0, Third);
        Assert.That(Runner.Decode(Batch), Is.EqualTo(DecodeStatus.NoKvSlot));
        Runner.TrimSequence(Second, length - Chunk);
        DecodeBatch();
    }
}
