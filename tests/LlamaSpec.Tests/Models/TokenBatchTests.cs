using LlamaSpec.Models;

namespace LlamaSpec.Tests.Models;

public class TokenBatchTests
{
    [Test]
    public void RowsAreKeptAsTheyWereAdded()
    {
        var batch = new TokenBatch(3);
        Assert.That(batch.Add(7, 10, new SequenceId(2), wantsLogits: false), Is.Zero);
        Assert.That(batch.Add(8, 11, new SequenceId(2), wantsLogits: true), Is.EqualTo(1));
        Assert.That(batch.Add(9, 0, new SequenceId(1), wantsLogits: false), Is.EqualTo(2));
        Assert.That(batch.Count, Is.EqualTo(3));
        Assert.That(batch.Tokens.ToArray(), Is.EqualTo(new[] { 7, 8, 9 }));
        Assert.That(batch.Positions.ToArray(), Is.EqualTo(new[] { 10, 11, 0 }));
        Assert.That(batch.Sequences.ToArray(), Is.EqualTo(new[] { 2, 2, 1 }));
        Assert.That(batch.WantsLogits.ToArray(), Is.EqualTo(new byte[] { 0, 1, 0 }));
    }

    [Test]
    public void ClearedRowsLeaveNothingBehind()
    {
        var batch = new TokenBatch(2);
        batch.Add(7, 10, new SequenceId(2), wantsLogits: true);
        batch.WantsHiddenRows = true;
        batch.Clear();
        Assert.That(batch.WantsHiddenRows, Is.False);
        Assert.That(batch.Tokens.Length, Is.Zero);
        batch.Add(1, 0, new SequenceId(0), wantsLogits: false);
        Assert.That(batch.WantsLogits.ToArray(), Is.EqualTo(new byte[] { 0 }));
        Assert.That(batch.Capacity, Is.EqualTo(2));
    }
}
