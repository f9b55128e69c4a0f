using LlamaSpec.Cli.Files;
using LlamaSpec.Cli.Tests.Fakes;

namespace LlamaSpec.Cli.Tests.Files;

[TestFixture]
public sealed class AtomicFileTests
{
    [Test]
    public void BeforeTheCommitTheOldFileIsThere()
    {
        using var folder = new TestFolder();
        var path = folder.Write("file", "old");
        using var file = AtomicFile.Create(path);
        file.Write("new");

        Assert.That(File.ReadAllText(path), Is.EqualTo("old"));
        file.Commit();
        Assert.That(File.ReadAllText(path), Is.EqualTo("new"));
    }

    [Test]
    public void WithoutACommitNothingIsLeft()
    {
        using var folder = new TestFolder();
        using (var file = AtomicFile.Create(folder.File("file")))
        {
            file.Write("new");
        }

        Assert.That(Directory.GetFileSystemEntries(folder.Path), Is.Empty);
    }

    [Test]
    [Platform(Exclude = "Win")]
    public void ALinkStaysALink()
    {
        using var folder = new TestFolder();
        var path = folder.Write("file", "old");
        File.CreateSymbolicLink(folder.File("link"), path);
        using (var file = AtomicFile.Create(folder.File("link")))
        {
            file.Write("new");
            file.Commit();
        }

        Assert.That(File.ReadAllText(path), Is.EqualTo("new"));
        Assert.That(new FileInfo(folder.File("link")).LinkTarget, Is.EqualTo(path));
    }

    [Test]
    [Platform(Exclude = "Win")]
    public void ADeviceIsWrittenToAndNotReplaced()
    {
        using (var file = AtomicFile.Create("/dev/null"))
        {
            file.Write("new");
            file.Commit();
        }

        Assert.That(File.ReadAllText("/dev/null"), Is.Empty);
    }
}
