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
    public void StartingAgainDoesNothing() => Assert.That(static () => Parallel.For(0, 20, static _ => LlamaBackend.EnsureStarted()), Throws.Nothing);
}
