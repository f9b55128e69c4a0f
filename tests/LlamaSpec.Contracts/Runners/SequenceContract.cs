using LlamaSpec.Models;

namespace LlamaSpec.Contracts.Runners;

/// <summary>What trimming, releasing and copying sequences promises.</summary>
/// <param name="backend">Makes the runners.</param>
public abstract class SequenceContract(RunnerBackend backend) : RunnerContract(backend)
{
    [Test]
    public void TrimmedTokensLeaveTheKvCache()
    {
        DecodeLast([.. Text[..5], .. Text[..7].Reverse()], 0, First);
        Assert.That(Runner.TrimSequence(First, 5), Is.True);
        Assert.That(Runner.SequenceLength(First), Is.EqualTo(5));
        for (var i = 5; i < Text.Length; i++)
        {
            AssertSame(DecodeLast([Text[i]], i, First), Alone(Text[..(i + 1)]), $"row {i}");
        }
    }

    [Test]
    public void WithoutTheTrimTheLogitsWouldDiffer()
    {
        DecodeLast([.. Text[..5], .. Text[..7].Reverse()], 0, First);
        AssertDifferent(DecodeLast([Text[5]], 12, First), Alone(Text[..6]));
    }

    [TestCase(12)]
    [TestCase(13)]
    [TestCase(Cells)]
    public void ATrimBehindTheEndDropsNothing(int position)
    {
        DecodeLast(Text[..12], 0, First);
        Assert.That(Runner.TrimSequence(First, position), Is.True);
        Assert.That(Runner.TrimSequence(Second, position), Is.True);
        Assert.That((Runner.SequenceLength(First), Runner.SequenceLength(Second)), Is.EqualTo((12, 0)));
    }

    [Test]
    public void ATrimToTheStartEmpties()
    {
        DecodeLast(Text, 0, First);
        Assert.That(Runner.TrimSequence(First, 0), Is.True);
        Assert.That(Runner.SequenceLength(First), Is.Zero);
        AssertSame(DecodeLast(Text[3..9], 0, First), Alone(Text[3..9]));
    }

    [Test]
    public void AReleasedSequenceStartsAnewAndOthersStay()
    {
        DecodeLast(Text[..6], 0, First);
        DecodeLast(Text[3..6], 0, Second);
        Runner.ReleaseSequence(First);
        Runner.ReleaseSequence(Third);
        Assert.That((Runner.SequenceLength(First), Runner.SequenceLength(Second)), Is.EqualTo((0, 3)));
        AssertSame(DecodeLast(Text[2..7], 0, First), Alone(Text[2..7]));
        AssertSameThoughMoved(DecodeLast(Text[6..9], 3, Second), Alone(Text[3..9]));
    }

    [Test]
    public void ACopyGoesOnAsTheSourceWould()
    {
        DecodeLast(Text[..8], 0, First);
        Runner.CopySequence(First, Second, 0, 5);
        Runner.CopySequence(First, Second, 5, 8);
        Runner.CopySequence(First, Third, 0, 3);
        Assert.That((Runner.SequenceLength(First), Runner.SequenceLength(Second), Runner.SequenceLength(Third)), Is.EqualTo((8, 8, 3)));
        AssertSame(DecodeLast(Text[8..9], 8, Second), Alone(Text[..9]), "a copy of all");
        AssertSame(DecodeLast(Text[5..6], 3, Third), Alone([.. Text[..3], Text[5]]), "a copy of the start");
        AssertSame(DecodeLast(Text[8..9], 8, First), Alone(Text[..9]), "the source");
    }

    [Test]
    public void ACopyOfNothingChangesNothing()
    {
        DecodeLast(Text[..4], 0, First);
        DecodeLast(Text[..2], 0, Second);
        Runner.CopySequence(First, Second, 2, 2);
        Runner.CopySequence(First, Third, 0, 0);
        Assert.That((Runner.SequenceLength(Second), Runner.SequenceLength(Third)), Is.EqualTo((2, 0)));
    }

    [Test]
    public void WhatASequenceDropsOthersKeep()
    {
        DecodeLast(Text[..8], 0, First);
        Runner.CopySequence(First, Second, 0, 8);
        Runner.CopySequence(First, Third, 0, 8);
        Runner.TrimSequence(First, 2);
        Runner.ReleaseSequence(Third);
        Assert.That(Runner.SequenceLength(Second), Is.EqualTo(8));
        AssertSame(DecodeLast(Text[8..9], 8, Second), Alone(Text[..9]));
        AssertSame(DecodeLast(Text[6..9], 2, First), Alone([.. Text[..2], .. Text[6..9]]));
    }
}
