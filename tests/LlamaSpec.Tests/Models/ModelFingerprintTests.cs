using LlamaSpec.Models;

namespace LlamaSpec.Tests.Models;

public sealed class ModelFingerprintTests
{
    [Test]
    public void ItTellsFilesApartByBothEndsAndTheSize()
    {
        using var folder = new TemporaryFolder();
        var content = new byte[3 << 20];
        (int Place, int Length)[] cases =
        [
            (0, content.Length), (5, content.Length), (1 << 19, content.Length), (content.Length - 5, content.Length), (content.Length - 1, content.Length),
            (5, content.Length - 1), (5, 100), (50, 100), (5, 0),
        ];
        Assert.That(cases.Select(item => Print(item.Place, item.Length)), Is.Unique);
        var print = Print(5, 100);
        Assert.That(print, Does.Match("^[0-9a-f]{32}$"));
        Assert.That(Print(5, 100), Is.EqualTo(print));

        string Print(int place, int length)
        {
            content[place] = 1;
            File.WriteAllBytes(folder["model.gguf"], content[..length]);
            content[place] = 0;
            return ModelFingerprint.Of(folder["model.gguf"]);
        }
    }
}
