using LlamaSpec.Gguf;

namespace LlamaSpec.Native.Tests;

public sealed class TokenEmbeddingFileTests
{
    [Test]
    public void TheManagedRowsAreExactlyThoseOfLlamaCpp([Values] bool ofTheTarget)
    {
        var path = ofTheTarget ? EmbeddedModels.TargetPath : EmbeddedModels.DraftPath;
        using var managed = new TokenEmbeddingFile(path);
        using var native = new TokenEmbeddings(path);
        Assert.That((managed.Width, managed.VocabularySize), Is.EqualTo((native.Width, native.VocabularySize)));
        var (expected, row) = (new float[native.Width], new float[native.Width]);
        for (var token = 0; token < native.VocabularySize; token++)
        {
            native.Read(token, expected);
            managed.Read(token, row);
            Assert.That(row.AsSpan().SequenceEqual(expected), Is.True, $"token {token}");
        }
    }
}
