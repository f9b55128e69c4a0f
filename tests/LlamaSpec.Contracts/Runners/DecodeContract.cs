using LlamaSpec.Models;

namespace LlamaSpec.Contracts.Runners;

/// <summary>What <see cref="IModelRunner.Decode"/> promises of the rows it is given.</summary>
/// <param name="backend">Makes the runners.</param>
public abstract class DecodeContract(RunnerBackend backend) : RunnerContract(backend)
{
    [Test]
    public void CapacitiesAreThoseAskedFor() =>
        Assert.That((Runner.CellCapacity, Runner.RowCapacity, Runner.SequenceCapacity), Is.EqualTo((Cells, Rows, Sequences)));

    [Test]
    public void ADecodeGivesFiniteLogitsAndLengthensItsSequence()
    {
        var logits = DecodeLast(Text, 0, First);
        Assert.That(logits, Has.Length.EqualTo(Runner.Model.VocabularySize));
        Assert.That(logits.All(float.IsFinite), Is.True);
        Assert.That(Runner.SequenceLength(First), Is.EqualTo(Text.Length));
        Assert.That(Runner.SequenceLength(Second), Is.Zero);
    }

    [Test]
    public void AFullBatchIsTaken()
    {
        DecodeLast(Repeated(Rows), 0, First);
        Assert.That(Runner.SequenceLength(First), Is.EqualTo(Rows));
    }

    [Test]
    public void TokenByTokenEqualsAllAtOnce()
    {
        for (var i = 0; i < Text.Length; i++)
        {
            AssertSame(DecodeLast([Text[i]], i, First), Alone(Text[..(i + 1)]), $"row {i}");
        }
    }

    [Test]
    public void OtherTokensBeforeARowGiveItOtherLogits() =>
        AssertDifferent(DecodeLast([.. Text[..4], Text[7], Text[5]], 0, First), Alone(Text[..6]));

    [Test]
    public void RowsOfSeveralSequencesMayLieInterleaved()
    {
        for (var i = 0; i < 6; i++)
        {
            Batch.Add(Text[i], i, First, wantsLogits: true);
            Batch.Add(Text[i + 3], i, Third, wantsLogits: true);
        }

        DecodeBatch();
        for (var i = 0; i < 6; i++)
        {
            AssertSame(Runner.LogitsRow(2 * i), Alone(Text[..(i + 1)]), $"the first sequence at {i}");
            AssertSame(Runner.LogitsRow((2 * i) + 1), Alone(Text[3..(i + 4)]), $"the third sequence at {i}");
        }
    }

    [Test]
    public void AWarmDecodeAllocatesNoMoreThanTheBackendSays()
    {
        DecodeLast(Text, 0, First);
        Fill([Text[0], Text[1]], Text.Length, First);
        DecodeAndTrim(20);
        var before = GC.GetAllocatedBytesForCurrentThread();
        DecodeAndTrim(20);
        Assert.That((GC.GetAllocatedBytesForCurrentThread() - before) / 20.0, Is.LessThanOrEqualTo(Backend.AllocatedBytesPerDecodeLimit));
    }

    private void DecodeAndTrim(int count)
    {
        for (var i = 0; i < count; i++)
        {
            Runner.Decode(Batch);
            _ = Runner.LogitsRow(1);
            _ = Runner.LogitsBlock;
            Runner.SequenceLength(First);
            Runner.CopySequence(First, Second, 0, Text.Length);
            Runner.ReleaseSequence(Second);
            Runner.TrimSequence(First, Text.Length);
        }
    }
}
