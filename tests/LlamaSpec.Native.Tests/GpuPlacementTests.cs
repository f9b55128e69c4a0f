namespace LlamaSpec.Native.Tests;

public sealed class GpuPlacementTests
{
    private static readonly ModelPairOptions Pair = new() { TargetPath = EmbeddedModels.TargetPath, DraftPath = EmbeddedModels.DraftPath };

    private static string BackendName => OperatingSystem.IsWindows() ? "ggml-cuda.dll" : "libggml-cuda.so";

    [Test]
    public void AskingForNothingNeedsNoGpu()
    {
        Assert.That(GpuPlacement.WhyOnProcessor(Pair), Is.Null);
        Assert.That(GpuPlacement.WhyOnProcessor(Pair with { GpuLayerCount = 0, DraftGpuLayerCount = 0 }), Is.Null);
        Assert.That(GpuPlacement.WhyOnProcessor(Pair with { UseDraft = false, DraftGpuLayerCount = 9 }), Is.Null, "There is no draft to place.");
    }

    [Test]
    public void LayersThatWereAskedForAreExplained()
    {
        var whyNoGpu = GpuPlacement.WhyNoGpu();

        Assert.That(whyNoGpu is null, Is.EqualTo(LlamaBackend.Gpus.Count > 0));
        Assert.That(GpuPlacement.WhyOnProcessor(Pair with { GpuLayerCount = 3 }), Is.EqualTo(whyNoGpu));
        Assert.That(GpuPlacement.WhyOnProcessor(Pair with { GpuLayerCount = 0, DraftGpuLayerCount = 3 }), Is.EqualTo(whyNoGpu));
    }

    [Test]
    public async Task APairWithLayersForAGpuLoadsWithoutOne()
    {
        await using var engine = await ModelPair.LoadAsync(
            Pair with { GpuLayerCount = 9999, DraftGpuLayerCount = 2, Calibration = LlamaSpec.Calibration.CalibrationMode.Off });

        Assert.That(engine.DisabledReason, Is.Null);
    }

    [Test]
    public void AFolderWithoutABackendSaysHowToGetOne()
    {
        using var folder = new TemporaryFolder();
        Assert.That(GpuPlacement.Explain(folder[string.Empty]), Does.Contain("no GPU backend in").And.Contain("setup --cuda"));
    }

    [Test]
    public void ABackendThatDoesNotLoadSaysWhy()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder[BackendName], "no library");

        var reason = GpuPlacement.Explain(folder[string.Empty]);

        Assert.That(reason, Does.Contain(BackendName).And.Contain("cannot be loaded: "));
        Assert.That(reason, Does.Not.Contain("\n").And.Not.Contain("strace"));
    }

    [Test]
    public void TheDraftFollowsTheTarget()
    {
        Assert.That(Pair.DraftGpuLayerCountInUse, Is.EqualTo(-1));
        Assert.That((Pair with { GpuLayerCount = 4 }).DraftGpuLayerCountInUse, Is.EqualTo(-1));
        Assert.That((Pair with { GpuLayerCount = 0 }).DraftGpuLayerCountInUse, Is.Zero);
        Assert.That((Pair with { GpuLayerCount = 0, DraftGpuLayerCount = 7 }).DraftGpuLayerCountInUse, Is.EqualTo(7));
    }

    [Test]
    public void ANegativeNumberOfLayersIsRefused()
    {
        Assert.That((Pair with { GpuLayerCount = -2 }).Validate, Throws.InstanceOf<ArgumentException>().With.Message.Contains("GpuLayerCount must be -1"));
        Assert.That((Pair with { DraftGpuLayerCount = -2 }).Validate, Throws.InstanceOf<ArgumentException>().With.Message.Contains("DraftGpuLayerCount must be -1"));
    }
}
