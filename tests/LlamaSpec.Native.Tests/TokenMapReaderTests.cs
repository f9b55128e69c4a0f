using LlamaSpec.Models;

namespace LlamaSpec.Native.Tests;

public sealed class TokenMapReaderTests
{
    [Test]
    public void TheEmbeddedDraftsMapNamesItsTargetsTokens()
    {
        var map = TokenMapReader.TryRead(EmbeddedModels.DraftPath)!;
        Assert.That(map.RowCount, Is.EqualTo(8192).And.EqualTo(EmbeddedModels.Draft.Info.VocabularySize));
        Assert.That(map.TargetVocabularySize, Is.EqualTo(49152).And.EqualTo(EmbeddedModels.Target.Info.VocabularySize));
        Assert.That(map.ToTarget(map.UnknownRow), Is.EqualTo(-1));
        foreach (var row in Enumerable.Range(0, map.RowCount).Where(row => map.ToTarget(row) >= 0))
        {
            Assert.That(map.FromTarget(map.ToTarget(row)), Is.EqualTo(row));
        }
    }

    [Test]
    public void AModelWithAVocabularyHasNoMap() => Assert.That(TokenMapReader.TryRead(EmbeddedModels.TargetPath), Is.Null);
}
