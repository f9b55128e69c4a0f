using LlamaSpec.Engine;
using LlamaSpec.Native.Calibration;

namespace LlamaSpec.Native.Tests.Calibration;

public sealed class ProfileKeyTests
{
    private static readonly ModelPairOptions Pair = new() { TargetPath = EmbeddedModels.TargetPath, DraftPath = EmbeddedModels.DraftPath };

    [Test]
    public void TheSameQuestionHasTheSameKey()
    {
        var key = ProfileKey.TryCreate(Pair);
        GC.Collect();
        Assert.That(key, Does.Match("^[0-9a-f]{64}$"));
        Assert.That(ProfileKey.TryCreate(Pair with { Engine = new SpeculativeEngineOptions { ContextLength = 99 } }), Is.EqualTo(key));
    }

    [Test]
    public void WhateverChangesTheCostsChangesTheKey() => Assert.That(
        new[]
        {
            Pair,
            Pair with { UseDraft = false },
            Pair with { DraftPath = EmbeddedModels.TargetPath },
            Pair with { TargetPath = EmbeddedModels.DraftPath },
            Pair with { TargetThreadCount = 1 },
            Pair with { DraftThreadCount = 1 },
            Pair with { FlashAttention = true },
            Pair with { FlashAttention = false },
            Pair with { FastRows = FastRows.Off },
            Pair with { FastRows = FastRows.On },
            Pair with { GpuLayerCount = 0 },
            Pair with { GpuLayerCount = 0, DraftGpuLayerCount = -1 },
            Pair with { DraftGpuLayerCount = 0 },
            Pair with { GpuLayerCount = 4 },
        }.Select(ProfileKey.TryCreate),
        Is.Unique.And.All.Not.Null);

    [Test]
    public void AFileThatCannotBeReadHasNoKey()
    {
        using var folder = new TemporaryFolder();
        foreach (var path in (string[])[folder["missing.gguf"], folder[string.Empty], "\0"])
        {
            Assert.That(ProfileKey.TryCreate(Pair with { TargetPath = path }), Is.Null);
            Assert.That(ProfileKey.TryCreate(Pair with { DraftPath = path }), Is.Null);
        }
    }
}
