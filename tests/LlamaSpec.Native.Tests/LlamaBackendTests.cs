using System.Collections.Concurrent;
using LlamaSpec.Native.Interop;

namespace LlamaSpec.Native.Tests;

public sealed class LlamaBackendTests
{
    [Test]
    public void TheBackendDescribesItself()
    {
        Assert.That(LlamaBackend.LlamaVersion, Does.StartWith("0.5.0"));
        Assert.That(LlamaBackend.SystemInfo, Does.Contain("devices: "));
        Assert.That(File.Exists(Path.Combine(LlamaBackend.LibraryDirectory, NativeLibrarySearch.FileName(ShimImports.Library))), Is.True);
    }

    [Test]
    public void TheLogIsSeenWhileLoadingUntilItIsRemoved()
    {
        var lines = new ConcurrentQueue<(LlamaLogLevel Level, string Text)>();
        try
        {
            LlamaBackend.SetLog((level, text) => lines.Enqueue((level, text)));
            LlamaModel.Load(EmbeddedModels.DraftPath).Dispose();
        }
        finally
        {
            LlamaBackend.SetLog(null);
        }

        var count = lines.Count;
        LlamaModel.Load(EmbeddedModels.DraftPath).Dispose();
        Assert.That(lines.Any(static line => line.Text.Contains("general.architecture", StringComparison.Ordinal)), Is.True);
        Assert.That(lines.All(static line => Enum.IsDefined(line.Level)), Is.True);
        Assert.That(lines, Has.Count.EqualTo(count));
    }

    [Test]
    public void WhatTheLogSinkThrowsIsSwallowed()
    {
        try
        {
            LlamaBackend.SetLog(static (_, _) => throw new InvalidOperationException());
            Assert.That(static () => LlamaModel.Load(EmbeddedModels.DraftPath).Dispose(), Throws.Nothing);
        }
        finally
        {
            LlamaBackend.SetLog(null);
        }
    }

    [Test]
    public void StartingAgainDoesNothing() => Assert.That(static () => Parallel.For(0, 20, static _ => LlamaBackend.EnsureStarted()), Throws.Nothing);
}
