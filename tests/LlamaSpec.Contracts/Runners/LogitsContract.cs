using LlamaSpec.Models;

namespace LlamaSpec.Contracts.Runners;

/// <summary>What <see cref="IModelRunner.LogitsRow"/> and <see cref="IModelRunner.LogitsBlock"/> promise.</summary>
/// <param name="backend">Makes the runners.</param>
public abstract class LogitsContract(RunnerBackend backend) : RunnerContract(backend)
{
    [TestCase("111111111111")]
    [TestCase("010010000001")]
    [TestCase("100000000000")]
    [TestCase("000000000000")]
    public void RowsThatWantLogitsHaveTheirOwnAndOthersHaveNone(string wanted)
    {
        for (var i = 0; i < wanted.Length; i++)
        {
            Batch.Add(Text[i], i, First, wanted[i] == '1');
        }

        DecodeBatch();
        for (var i = 0; i < wanted.Length; i++)
        {
            if (wanted[i] == '1')
            {
                AssertSame(Runner.LogitsRow(i), Alone(Text[..(i + 1)]), $"row {i}");
            }
            else
            {
                AssertRefused(i);
            }
        }

        AssertRefused(-1);
        AssertRefused(wanted.Length);
    }

    [TestCase("010011")]
    [TestCase("111111")]
    [TestCase("000001")]
    [TestCase("000000")]
    public void TheBlockIsEmptyOrTheWantedRowsInTheirOrder(string wanted)
    {
        for (var i = 0; i < wanted.Length; i++)
        {
            Batch.Add(Text[i], i / 2, i % 2 == 0 ? Second : First, wanted[i] == '1');
        }

        DecodeBatch();
        var block = Runner.LogitsBlock.ToArray();
        if (block.Length == 0)
        {
            return;
        }

        var rows = Enumerable.Range(0, wanted.Length).Where(i => wanted[i] == '1').SelectMany(i => Runner.LogitsRow(i).ToArray());
        Assert.That(block, Is.EqualTo(rows));
    }

    [Test]
    public void LogitsStayUntilTheNextDecode()
    {
        var logits = DecodeLast(Text, 0, First);
        Runner.CopySequence(First, Second, 0, 4);
        Runner.TrimSequence(First, 3);
        Runner.ReleaseSequence(First);
        Assert.That(Runner.LogitsRow(Text.Length - 1).ToArray(), Is.EqualTo(logits));
        DecodeLast(Text[..2], 0, First);
        AssertRefused(Text.Length - 1);
    }

    [Test]
    public void ARefusedDecodeLeavesNoLogits()
    {
        DecodeLast(Text[..1], 0, First);
        Fill([Runner.Model.VocabularySize], 1, First);
        Assert.That(() => Runner.Decode(Batch), Throws.InstanceOf<ArgumentException>());
        AssertRefused(0);
        Assert.That(Runner.LogitsBlock.Length, Is.Zero);
    }

    private void AssertRefused(int row) => Assert.That(() => Runner.LogitsRow(row), Throws.InstanceOf<ArgumentException>(), $"row {row}");
}
