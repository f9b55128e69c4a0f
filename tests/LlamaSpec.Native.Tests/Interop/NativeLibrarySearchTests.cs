using System.Runtime.InteropServices;
using LlamaSpec.Native.Interop;

namespace LlamaSpec.Native.Tests.Interop;

public sealed class NativeLibrarySearchTests
{
    [Test]
    public void AMissingLibraryListsEveryPathTried()
    {
        using var one = new TemporaryFolder();
        using var two = new TemporaryFolder();
        var fileName = NativeLibrarySearch.FileName("llamaspec_absent");
        var error = Assert.Throws<NativeLibraryException>(() => NativeLibrarySearch.Load("llamaspec_absent", [one[string.Empty], two[string.Empty]]));
        Assert.That(error.Message, Does.Contain($"{one[fileName]}: no such file").And.Contains($"{two[fileName]}: no such file"));
        Assert.That(error.Message, Does.Contain("./build.sh native").And.Contains(NativeLibrarySearch.DirectoryVariable));
    }

    [Test]
    public void AFileThatIsNoLibraryIsTracedWithItsReason()
    {
        using var folder = new TemporaryFolder();
        var path = folder[NativeLibrarySearch.FileName("llamaspec_broken")];
        File.WriteAllText(path, "not a library");
        var error = Assert.Throws<NativeLibraryException>(() => NativeLibrarySearch.Load("llamaspec_broken", [folder[string.Empty]]));
        Assert.That(error.Message, Does.Contain($"{path}: ").And.Not.Contains("no such file"));
    }

    [Test]
    public void TheFirstDirectoryThatHasItWins()
    {
        using var empty = new TemporaryFolder();
        var result = NativeLibrarySearch.Load(ShimImports.Library, [empty[string.Empty], LlamaBackend.LibraryDirectory]);
        Assert.That(result.Directory, Is.EqualTo(LlamaBackend.LibraryDirectory));
        NativeLibrary.Free(result.Handle);
    }

    [Test]
    public void TheApplicationsFoldersAreSearchedInOrder()
    {
        var directories = NativeLibrarySearch.DefaultDirectories();
        Assert.That(directories[^2], Is.EqualTo(Path.Combine(AppContext.BaseDirectory, "runtimes", NativeLibrarySearch.RuntimeIdentifier(), "native")));
        Assert.That(directories[^1], Is.EqualTo(AppContext.BaseDirectory));
    }

    [TestCase("linux-musl-x64")]
    [TestCase("alpine.3.22-x64")]
    [Platform("Linux")]
    public void OnMuslItsOwnFolderComesFirst(string identifier)
    {
        var usual = NativeLibrarySearch.RuntimeIdentifier();
        Assert.That(NativeLibrarySearch.RuntimeFolders(identifier), Is.EqualTo(new[] { usual.Replace("linux-", "linux-musl-", StringComparison.Ordinal), usual }));
    }

    [TestCase("linux-x64")]
    [TestCase("ubuntu.24.04-x64")]
    [TestCase("osx-arm64")]
    public void ElsewhereThereIsOneFolder(string identifier)
    {
        Assert.That(NativeLibrarySearch.RuntimeFolders(identifier), Is.EqualTo(new[] { NativeLibrarySearch.RuntimeIdentifier() }));
    }

    [Test]
    public void TheRuntimeIdentifierIsOneThatIsBuilt()
    {
        Assert.That(NativeLibrarySearch.RuntimeIdentifier(), Is.AnyOf("linux-x64", "linux-arm64", "win-x64", "win-arm64", "osx-x64", "osx-arm64"));
    }
}
