using LlamaSpec.Files;

namespace LlamaSpec.Tests.Files;

[TestFixture]
public sealed class AtomicFileTests
{
    [Test]
    public void BeforeTheCommitTheOldFileIsThere()
    {
        using var folder = new TemporaryFolder();
        var path = folder["file"];
        File.WriteAllText(path, "old");
        using var file = AtomicFile.Create(path);
        file.Write("new");

        Assert.That(File.ReadAllText(path), Is.EqualTo("old"));
        file.Commit();
        Assert.That(File.ReadAllText(path), Is.EqualTo("new"));
    }

    [Test]
    public void BytesAreKeptAsTheyAre()
    {
        using var folder = new TemporaryFolder();
        using (var file = AtomicFile.Create(folder["file"]))
        {
            file.Content.Write([0xFF, 0]);
            file.Commit();
        }

        Assert.That(File.ReadAllBytes(folder["file"]), Is.EqualTo(new byte[] { 0xFF, 0 }));
    }

    [Test]
    public void WithoutACommitNothingIsLeft()
    {
        using var folder = new TemporaryFolder();
        using (var file = AtomicFile.Create(folder["file"]))
        {
            file.Write("new");
        }

        Assert.That(Directory.GetFileSystemEntries(folder[string.Empty]), Is.Empty);
    }

    [Test]
    [Platform(Exclude = "Win")]
    public void ALinkStaysALink()
    {
        using var folder = new TemporaryFolder();
        var path = folder["file"];
        File.WriteAllText(path, "old");
        File.CreateSymbolicLink(folder["link"], path);
        using (var file = AtomicFile.Create(folder["link"]))
        {
            file.Write("new");
            file.Commit();
        }

        Assert.That(File.ReadAllText(path), Is.EqualTo("new"));
        Assert.That(new FileInfo(folder["link"]).LinkTarget, Is.EqualTo(path));
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
