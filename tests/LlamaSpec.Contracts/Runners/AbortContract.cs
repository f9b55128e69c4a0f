using LlamaSpec.Models;

namespace LlamaSpec.Contracts.Runners;

/// <summary>What <see cref="IModelRunner.RequestAbort"/> promises.</summary>
/// <param name="backend">Makes the runners.</param>
public abstract class AbortContract(RunnerBackend backend) : RunnerContract(backend)
{
    [Test]
    public void ARequestBeforeTheDecodeIsForgotten()
    {
        Runner.RequestAbort();
        AssertSame(DecodeLast(Text, 0, First), Alone(Text));
    }

    [Test]
    public void AnAbortedDecodeHasNoLogits()
    {
        Abort();
        Assert.That(() => Runner.LogitsRow(Rows - 1), Throws.InstanceOf<ArgumentException>());
        Assert.That(Runner.LogitsBlock.Length, Is.Zero);
    }

    [Test]
    public void WhatWasThereBeforeAnAbortedDecodeIsStillThereAfterATrim()
    {
        Abort();
        Assert.That(Runner.TrimSequence(First, 5), Is.True);
        Runner.ReleaseSequence(Second);
        Assert.That((Runner.SequenceLength(First), Runner.SequenceLength(Second)), Is.EqualTo((5, 0)));
        AssertSame(DecodeLast(Text[5..], 5, First), Alone(Text), "the sequence that was trimmed");
        AssertSame(DecodeLast(Text, 0, Second), Alone(Text), "the sequence that was released");
    }

    [Test]
    public void AnAbortedDecodeLeavesNoCellsTaken()
    {
        Abort();
        Runner.ReleaseSequence(First);
        Runner.ReleaseSequence(Second);
        Assert.That(FillCells(Third, Rows), Is.EqualTo(Runner.CellCapacity));
    }

    // Leaves a prefix of five tokens in the first sequence, and whatever the abort left of a full batch behind it and in the second one.
    private void Abort()
    {
        DecodeLast(Text[..5], 0, First);
        Batch.Clear();
        for (var i = 0; i < Rows / 2; i++)
        {
            Batch.Add(Text[0], 5 + i, First, wantsLogits: true);
            Batch.Add(Text[1], i, Second, wantsLogits: true);
        }

        // A request may come too late; not two hundred times in a row.
        var status = DecodeStatus.Ok;
        for (var attempt = 0; attempt < 200 && status == DecodeStatus.Ok; attempt++)
        {
            Runner.TrimSequence(First, 5);
            Runner.ReleaseSequence(Second);
            status = Backend.DecodeUnderAbort(Runner, Batch);
        }

        Assert.That(status, Is.EqualTo(DecodeStatus.Aborted));
    }
}
