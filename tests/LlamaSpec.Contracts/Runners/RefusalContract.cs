using LlamaSpec.Models;

namespace LlamaSpec.Contracts.Runners;

/// <summary>What a runner refuses, and that it writes nothing then.</summary>
/// <param name="backend">Makes the runners.</param>
public abstract class RefusalContract(RunnerBackend backend) : RunnerContract(backend)
{
    private const int Held = 4;

    // Tokens: below 0, a token of the text, above the vocabulary.
    [TestCase(-1, Held, 0, TestName = "ATokenBelowTheVocabularyIsRefused")]
    [TestCase(1, Held, 0, TestName = "ATokenAboveTheVocabularyIsRefused")]
    [TestCase(0, Held + 1, 0, TestName = "AGapIsRefused")]
    [TestCase(0, Held - 1, 0, TestName = "AnOverlapIsRefused")]
    [TestCase(0, 1, 1, TestName = "AGapInAnEmptySequenceIsRefused")]
    [TestCase(0, 0, Sequences, TestName = "AnUnknownSequenceIsRefused")]
    [TestCase(0, 0, -1, TestName = "ANegativeSequenceIsRefused")]
    public void ABadRowBehindAGoodOneIsRefused(int tokenSide, int position, int sequence)
    {
        DecodeLast(Text[..Held], 0, First);
        Batch.Clear();
        Batch.Add(Text[0], 0, Third, wantsLogits: true);
        Batch.Add(tokenSide switch { < 0 => -1, 0 => Text[0], _ => Runner.Model.VocabularySize }, position, new SequenceId(sequence), wantsLogits: true);
        AssertRefused(Batch);
    }

    [Test]
    public void APositionTwiceInABatchIsRefused()
    {
        DecodeLast(Text[..Held], 0, First);
        Fill(Text[..2], 0, Third);
        Batch.Add(Text[2], 1, Third, wantsLogits: true);
        AssertRefused(Batch);
    }

    [Test]
    public void ARowWithoutASequenceIsRefused()
    {
        DecodeLast(Text[..Held], 0, First);
        Batch.Clear();
        Batch.Add(Text[0], 0, wantsLogits: true);
        AssertRefused(Batch);
    }

    [Test]
    public void ARowTwiceOfTheSameSequenceIsRefused()
    {
        DecodeLast(Text[..Held], 0, First);
        Batch.Clear();
        Batch.Add(Text[0], 0, Third, wantsLogits: true);
        Batch.AddSequence(Third);
        AssertRefused(Batch);
    }

    [Test]
    public void ARowThatLeavesAGapInItsSecondSequenceIsRefused()
    {
        DecodeLast(Text[..Held], 0, First);
        Batch.Clear();
        Batch.Add(Text[0], Held, First, wantsLogits: true);
        Batch.AddSequence(Second);
        AssertRefused(Batch);
    }

    [TestCase(0)]
    [TestCase(Rows + 1)]
    public void ABatchWithoutRowsOrWithTooManyIsRefused(int count)
    {
        DecodeLast(Text[..Held], 0, First);
        var batch = new TokenBatch(Rows + 1);
        for (var i = 0; i < count; i++)
        {
            batch.Add(Text[0], i, Third, wantsLogits: false);
        }

        AssertRefused(batch);
    }

    [TestCase(0, 0, 0, Held, TestName = "ACopyToItselfIsRefused")]
    [TestCase(0, 1, 1, Held, TestName = "ACopyThatLeavesAGapIsRefused")]
    [TestCase(1, 0, 0, 0, TestName = "ACopyThatOverlapsIsRefused")]
    [TestCase(0, 1, 0, Held + 1, TestName = "ACopyOfMoreThanTheSourceHoldsIsRefused")]
    [TestCase(0, 1, 0, -1, TestName = "ACopyThatEndsBeforeItStartsIsRefused")]
    [TestCase(0, Sequences, 0, Held, TestName = "ACopyToAnUnknownSequenceIsRefused")]
    [TestCase(-1, 1, 0, Held, TestName = "ACopyOfAnUnknownSequenceIsRefused")]
    public void ABadCopyIsRefused(int source, int destination, int startPosition, int endPosition)
    {
        DecodeLast(Text[..Held], 0, First);
        Assert.That(
            () => Runner.CopySequence(new SequenceId(source), new SequenceId(destination), startPosition, endPosition), Throws.InstanceOf<ArgumentException>());
        AssertNothingChanged();
    }

    [Test]
    public void BadTrimsAndUnknownSequencesAreRefused()
    {
        DecodeLast(Text[..Held], 0, First);
        Assert.That(() => Runner.TrimSequence(First, -1), Throws.InstanceOf<ArgumentException>());
        foreach (var unknown in (SequenceId[])[new(-1), new(Sequences)])
        {
            Assert.That(() => Runner.TrimSequence(unknown, 0), Throws.InstanceOf<ArgumentException>());
            Assert.That(() => Runner.ReleaseSequence(unknown), Throws.InstanceOf<ArgumentException>());
            Assert.That(() => Runner.SequenceLength(unknown), Throws.InstanceOf<ArgumentException>());
        }

        AssertNothingChanged();
    }

    [Test]
    public void ADisposedRunnerSaysSo()
    {
        Fill(Text, 0, First);
        Runner.Dispose();
        Assert.That(() => Runner.Decode(Batch), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(() => Runner.LogitsRow(0), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(() => Runner.HiddenRow(0), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(() => Runner.CopySequence(First, Second, 0, 0), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(() => Runner.TrimSequence(First, 0), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(() => Runner.ReleaseSequence(First), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(() => Runner.SequenceLength(First), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(Runner.RequestAbort, Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(Runner.Dispose, Throws.Nothing);
    }

    private void AssertRefused(TokenBatch batch)
    {
        Assert.That(() => Runner.Decode(batch), Throws.InstanceOf<ArgumentException>());
        AssertNothingChanged();
    }

    private void AssertNothingChanged()
    {
        for (var sequence = 0; sequence < Sequences; sequence++)
        {
            Assert.That(Runner.SequenceLength(new SequenceId(sequence)), Is.EqualTo(sequence == 0 ? Held : 0), $"sequence {sequence}");
        }

        AssertSame(DecodeLast(Text[Held..], Held, First), Alone(Text), "what is decoded afterwards");
    }
}
