using LlamaSpec.Models;

namespace LlamaSpec.Native.Tests;

public sealed class TokenEmbeddingsTests
{
    [Test]
    public void TheTargetsRowsHaveItsWidthAndDiffer()
    {
        using var embeddings = new TokenEmbeddings(EmbeddedModels.TargetPath);
        Assert.That((embeddings.Width, embeddings.VocabularySize), Is.EqualTo((576, 49152)));
        var rows = new float[3][];
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i] = new float[embeddings.Width];
            embeddings.Read(i == 2 ? 300 : 49151, rows[i]);
        }

        Assert.That(rows[1], Is.EqualTo(rows[0]));
        Assert.That(rows[2], Is.Not.EqualTo(rows[0]));
        Assert.That(rows[2].All(float.IsFinite), Is.True);
        Assert.That(rows[2].Any(static value => value != 0), Is.True);
    }

    [Test]
    public void ALongerBufferKeepsItsEnd()
    {
        using var embeddings = new TokenEmbeddings(EmbeddedModels.DraftPath);
        var row = new float[embeddings.Width + 1];
        row[^1] = 5;
        embeddings.Read(1, row);
        Assert.That(row[^1], Is.EqualTo(5));
    }

    [Test]
    public void WhatIsOutOfRangeIsRefused()
    {
        using var embeddings = new TokenEmbeddings(EmbeddedModels.TargetPath);
        var row = new float[embeddings.Width];
        Assert.That(() => embeddings.Read(-1, row), Throws.ArgumentException.With.Message.Contains("outside the vocabulary"));
        Assert.That(() => embeddings.Read(49152, row), Throws.ArgumentException);
        Assert.That(() => embeddings.Read(0, row.AsSpan(1)), Throws.ArgumentException);
        Assert.That(() => embeddings.Read(0, []), Throws.ArgumentException);
    }

    [Test]
    public void AFileWithoutEmbeddingsIsRefused()
    {
        using var folder = new TemporaryFolder();
        new GgufWriter().Add("general.architecture", "llama").AddTensor("output.weight", 8, 8).Save(folder["other.gguf"]);
        Assert.That(() => new TokenEmbeddings(folder["other.gguf"]), Throws.TypeOf<ModelFailureException>().With.Message.Contains("has no tensor token_embd.weight"));
        Assert.That(() => new TokenEmbeddings(folder["none.gguf"]), Throws.TypeOf<ModelFailureException>().With.Message.Contains("does not exist"));
    }

    [Test]
    public void AReadAllocatesNothing()
    {
        using var embeddings = new TokenEmbeddings(EmbeddedModels.TargetPath);
        var row = new float[embeddings.Width];
        embeddings.Read(1, row);
        var before = GC.GetAllocatedBytesForCurrentThread();
        embeddings.Read(2, row);
        embeddings.Read(3, row);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    [Test]
    public void DisposedOnesSaySo()
    {
        var embeddings = new TokenEmbeddings(EmbeddedModels.TargetPath);
        embeddings.Dispose();
        Assert.That(() => embeddings.Read(0, new float[576]), Throws.TypeOf<ObjectDisposedException>());
    }
}
