using LlamaSpec.Diagnostics;

namespace LlamaSpec.Native.Tests;

/// <summary>The probe over a real model, whose logits depend a little on the rows of a decode.</summary>
public sealed class TopTwoGapProbeTests
{
    private readonly int[] _tokens = EmbeddedModels.Target.Tokenizer.Encode("Once upon a time there was a small house", addSpecial: false, parseSpecial: false);

    [Test]
    public void TheGapIsTheSameInChunks()
    {
        using var probe = new TopTwoGapProbe(new LlamaModelRunner(EmbeddedModels.Target, new LlamaContextOptions { CellCapacity = 256, ThreadCount = 1 }));
        using var inChunks = new TopTwoGapProbe(new LlamaModelRunner(EmbeddedModels.Target, new LlamaContextOptions { CellCapacity = 256, RowCapacity = 4, ThreadCount = 1 }));
        var gap = probe.Measure(_tokens);
        Assert.That(gap, Is.GreaterThan(0f));
        Assert.That(inChunks.Measure(_tokens), Is.EqualTo(gap).Within(Logits.Noise));
        Assert.That(probe.Measure(_tokens), Is.EqualTo(gap).Within(Logits.Noise));
        Assert.That(() => probe.Measure(new int[257]), Throws.ArgumentException.With.Message.Contains("1 to 256 tokens"));
    }
}
