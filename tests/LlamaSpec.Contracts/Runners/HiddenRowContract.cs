using LlamaSpec.Models;

namespace LlamaSpec.Contracts.Runners;

/// <summary>What <see cref="IModelRunner.HiddenRow"/> promises.</summary>
/// <param name="backend">Makes the runners.</param>
public abstract class HiddenRowContract(RunnerBackend backend) : RunnerContract(backend)
{
    [Test]
    public void HiddenRowsComeWithTheSameLogits()
    {
        var plain = DecodeAll(Text.Length, wantsHiddenRows: false);
        var (logits, hidden) = DecodeAll(Text.Length, wantsHiddenRows: true);
        Assert.That(logits, Is.EqualTo(plain.Logits));
        Assert.That(hidden, Has.Length.EqualTo(Text.Length));
        Assert.That(hidden.All(row => row.Length == Runner.Model.HiddenSize && row.All(float.IsFinite)), Is.True);
        Assert.That(DecodeAll(Text.Length, wantsHiddenRows: false).Logits, Is.EqualTo(plain.Logits));
    }

    [Test]
    public void AHiddenRowIsTheSameAloneAndAmongOthers()
    {
        var together = DecodeAll(Text.Length, wantsHiddenRows: true).Hidden;
        var alone = DecodeAll(1, wantsHiddenRows: true).Hidden;
        for (var i = 0; i < Text.Length; i++)
        {
            AssertSame(alone[i], together[i], $"row {i}");
        }

        AssertDifferent(together[^1], together[^2], "two rows beside each other");
    }

    [Test]
    public void HiddenRowsNotAskedForAreRefused()
    {
        DecodeAll(Text.Length, wantsHiddenRows: false);
        AssertRefused(0);
        DecodeAll(Text.Length, wantsHiddenRows: true);
        AssertRefused(-1);
        AssertRefused(Text.Length);
    }

    [Test]
    public void HiddenRowsNeedTheLogitsOfEveryRow()
    {
        Fill(Text, 0, First);
        Batch.WantsHiddenRows = true;
        Assert.That(() => Runner.Decode(Batch), Throws.InstanceOf<ArgumentException>());
        Assert.That(Runner.SequenceLength(First), Is.Zero);
        AssertRefused(Text.Length - 1);
    }

    [Test]
    public void AWarmDecodeAllocatesNoMoreThanTheBackendSays()
    {
        DecodeLast(Text, 0, First);
        Fill([Text[0]], Text.Length, First);
        Batch.WantsHiddenRows = true;
        DecodeAndTrim(20);
        var before = GC.GetAllocatedBytesForCurrentThread();
        DecodeAndTrim(20);
        Assert.That((GC.GetAllocatedBytesForCurrentThread() - before) / 20.0, Is.LessThanOrEqualTo(Backend.AllocatedBytesPerDecodeLimit));
    }

    private void AssertRefused(int row) => Assert.That(() => Runner.HiddenRow(row), Throws.InstanceOf<ArgumentException>(), $"row {row}");

    private void DecodeAndTrim(int count)
    {
        for (var i = 0; i < count; i++)
        {
            Runner.Decode(Batch);
            _ = Runner.LogitsRow(0);
            _ = Runner.HiddenRow(0);
            Runner.TrimSequence(First, Text.Length);
        }
    }

    private (float[][] Logits, float[][] Hidden) DecodeAll(int rowsPerDecode, bool wantsHiddenRows)
    {
        List<float[]> logits = [];
        List<float[]> hidden = [];
        Runner.ReleaseSequence(First);
        for (var start = 0; start < Text.Length; start += rowsPerDecode)
        {
            Batch.Clear();
            Batch.WantsHiddenRows = wantsHiddenRows;
            for (var i = start; i < Math.Min(Text.Length, start + rowsPerDecode); i++)
            {
                Batch.Add(Text[i], i, First, wantsLogits: true);
            }

            DecodeBatch();
            for (var row = 0; row < Batch.Count; row++)
            {
                logits.Add(Runner.LogitsRow(row).ToArray());
                hidden.Add(wantsHiddenRows ? Runner.HiddenRow(row).ToArray() : []);
            }
        }

        return ([.. logits], [.. hidden]);
    }
}
