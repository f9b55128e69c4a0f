using LlamaSpec.Diagnostics;
using LlamaSpec.Models;
using LlamaSpec.Tests.Fakes;

namespace LlamaSpec.Tests.Diagnostics;

public sealed class TopTwoGapProbeTests
{
    private static readonly int[] Tokens = [3, 1, 4, 1, 5, 2, 0];

    [TestCase(64)]
    [TestCase(3)]
    [TestCase(1)]
    public void TheGapIsThatOfTheTwoLargestLogits(int rowCapacity)
    {
        var runner = MarkovModelRunner.Random(6, seed: 1, rowCapacity: rowCapacity, cellCapacity: 8);
        using var probe = new TopTwoGapProbe(runner);
        foreach (var length in (int[])[7, 1, 4, 8])
        {
            int[] tokens = [.. Tokens.Concat(Tokens).Take(length)];
            var logits = runner.LogitsAfter(tokens).OrderDescending().ToArray();
            Assert.That(probe.Measure(tokens), Is.EqualTo(logits[0] - logits[1]), $"{length} tokens");
        }
    }

    [Test]
    public void TheLastTokenHasARowOfItsOwn()
    {
        var runner = MarkovModelRunner.Random(6, seed: 1);
        using var probe = new TopTwoGapProbe(runner);
        List<int> rows = [];
        runner.OnDecode = batch =>
        {
            rows.Add(batch.Count);
            return null;
        };
        probe.Measure(Tokens);
        Assert.That(rows, Is.EqualTo(new[] { Tokens.Length - 1, 1 }));
    }

    [TestCase(0)]
    [TestCase(9)]
    public void NoTokensOrTooManyAreRefused(int count)
    {
        using var probe = new TopTwoGapProbe(MarkovModelRunner.Random(6, seed: 1, cellCapacity: 8));
        Assert.That(() => probe.Measure(new int[count]), Throws.ArgumentException.With.Message.Contains("1 to 8 tokens"));
    }

    [Test]
    public void ADecodeThatFailsIsAFailure()
    {
        var runner = MarkovModelRunner.Random(6, seed: 1);
        using var probe = new TopTwoGapProbe(runner);
        runner.OnDecode = static _ => DecodeStatus.NoKvSlot;
        Assert.That(() => probe.Measure(Tokens), Throws.TypeOf<ModelFailureException>());
    }

    [Test]
    public void TheProbeOwnsItsRunner()
    {
        var runner = MarkovModelRunner.Random(6, seed: 1);
        new TopTwoGapProbe(runner).Dispose();
        Assert.That(runner.IsDisposed, Is.True);
        Assert.That(static () => new TopTwoGapProbe(null!), Throws.ArgumentNullException);
    }
}
