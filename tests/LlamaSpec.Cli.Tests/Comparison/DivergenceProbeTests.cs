using LlamaSpec.Cli.Comparison;
using LlamaSpec.Cli.Tests.Fakes;
using LlamaSpec.Engine;
using LlamaSpec.Native;

namespace LlamaSpec.Cli.Tests.Comparison;

[TestFixture]
public sealed class DivergenceProbeTests
{
    [TestCase(true)]
    [TestCase(false)]
    [TestCase(null)]
    public void TheProbeComputesAsThePairDoes(bool? flashAttention)
    {
        var options = DivergenceProbe.ContextOptions(new ModelPairOptions
        {
            TargetThreadCount = 3,
            FlashAttention = flashAttention,
            Engine = new SpeculativeEngineOptions { ContextLength = 300 },
        });

        Assert.That((options.CellCapacity, options.ThreadCount, options.FlashAttention), Is.EqualTo((300, 3, flashAttention)));
    }

    [Test]
    public void WithoutAThreadCountTheProbeHasThePairsDefault() =>
        Assert.That(DivergenceProbe.ContextOptions(new ModelPairOptions()).ThreadCount, Is.EqualTo(new LlamaContextOptions().ThreadCount));

    [Test]
    public void ADifferenceIsMeasuredOnTheTarget()
    {
        using var probe = new DivergenceProbe(new ModelPairOptions { TargetPath = TestFolder.TargetPath, TargetThreadCount = 1, FlashAttention = false });
        var divergence = probe.Measure(2, "Name a colour.", [], 0);

        Assert.That((divergence.Prompt, divergence.Position), Is.EqualTo((2, 0)));
        Assert.That(divergence.TopTwoGap, Is.InRange(0, 20));
    }
}
