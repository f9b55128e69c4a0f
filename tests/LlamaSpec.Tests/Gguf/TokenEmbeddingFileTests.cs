using LlamaSpec.Gguf;
using LlamaSpec.Models;

namespace LlamaSpec.Tests.Gguf;

internal sealed class TokenEmbeddingFileTests
{
    private const string Name = GgufFile.TokenEmbeddingName;
    private const int RowCount = 5;

    // Rows that end inside a piece that is read at once, fill pieces, and go over several.
    private static readonly int[] Widths = [32, 1024, 4096 + 64];
    private static readonly TensorType[] Types = [TensorType.F32, TensorType.F16, TensorType.BF16, TensorType.Q4_0, TensorType.Q4_1, TensorType.Q8_0];
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void CreateFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    [Test]
    public void EveryRowIsWhatItsFormatSays([ValueSource(nameof(Types))] TensorType type, [ValueSource(nameof(Widths))] int width)
    {
        var values = Values(width);
        using var embeddings = new TokenEmbeddingFile(Save(type, width, values));
        Assert.That((embeddings.Width, embeddings.VocabularySize), Is.EqualTo((width, RowCount)));
        var format = TensorFormats.Of(type);
        var blocks = new byte[format.RowSizeBytes(values.Length)];
        var expected = new float[values.Length];
        format.Quantise(values, blocks);
        format.Dequantise(blocks, expected);
        var row = new float[width];
        for (var token = RowCount - 1; token >= 0; token--)
        {
            embeddings.Read(token, row);
            Assert.That(row, Is.EqualTo(expected.AsSpan(token * width, width).ToArray()), $"token {token}");
        }
    }

    [Test]
    public void ALongerBufferKeepsItsEnd()
    {
        using var embeddings = new TokenEmbeddingFile(Save(TensorType.F32, 32));
        var row = new float[33];
        row[^1] = 5;
        embeddings.Read(1, row);
        Assert.That(row[^1], Is.EqualTo(5));
    }

    [Test]
    public void WhatIsOutOfRangeIsRefused()
    {
        using var embeddings = new TokenEmbeddingFile(Save(TensorType.F32, 32));
        var row = new float[32];
        Assert.That(() => embeddings.Read(-1, row), Throws.InstanceOf<ArgumentException>().With.Message.Contains("token must be from 0 to 4"));
        Assert.That(() => embeddings.Read(RowCount, row), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => embeddings.Read(0, row.AsSpan(1)), Throws.ArgumentException.With.Message.Contains("32 values does not fit 31"));
        Assert.That(() => embeddings.Read(0, []), Throws.ArgumentException);
    }

    [Test]
    public void OtherFormatsAreNamed()
    {
        var path = Save(TensorType.F32, 256);
        var content = File.ReadAllBytes(path);
        var type = content.AsSpan().IndexOf("token_embd.weight"u8) + Name.Length + sizeof(uint) + (2 * sizeof(long));
        content[type] = (byte)TensorType.Q6_K;
        File.WriteAllBytes(path, content);
        Assert.That(
            () => new TokenEmbeddingFile(path),
            Throws.TypeOf<ModelFailureException>().With.Message.Contains("token embeddings of type Q6_K cannot be read here").And.Message.Contains(path));
    }

    [Test]
    public void FilesWithoutEmbeddingsAreRefused()
    {
        var other = new SmallGguf().WithTensor("output.weight", TensorType.F32, new float[8], 8, 1);
        AssertRefused(other.Save(_folder["other.gguf"]), "has no tensor token_embd.weight");
        AssertRefused(other.With(GgufFile.PartCountKey, (ushort)2).Save(_folder["part.gguf"]), "one of several parts");
        AssertRefused(new SmallGguf().WithTensor(Name, TensorType.F32, new float[8], 2, 2, 2).Save(_folder["shape.gguf"]), "unusable shape");
        File.WriteAllText(_folder["foreign.gguf"], "no model");
        AssertRefused(_folder["foreign.gguf"], "is not a GGUF file");
        Assert.That(() => new TokenEmbeddingFile(_folder["none.gguf"]), Throws.TypeOf<FileNotFoundException>().With.Message.Contains("does not exist"));
    }

    [Test]
    public void APartThatHasTheEmbeddingsIsRead()
    {
        var part = new SmallGguf().With(GgufFile.PartCountKey, (ushort)2).WithTensor(Name, TensorType.F32, [1, 2, 3, 4], 2, 2);
        using var embeddings = new TokenEmbeddingFile(part.Save(_folder["part.gguf"]));
        var row = new float[2];
        embeddings.Read(1, row);
        Assert.That(row, Is.EqualTo((float[])[3, 4]));
    }

    [Test]
    public void AReadAllocatesNothing()
    {
        using var embeddings = new TokenEmbeddingFile(Save(TensorType.Q8_0, 4096 + 64));
        var row = new float[embeddings.Width];
        embeddings.Read(1, row);
        var before = GC.GetAllocatedBytesForCurrentThread();
        embeddings.Read(2, row);
        embeddings.Read(3, row);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    [Test]
    public void ThreadsDoNotDisturbEachOther()
    {
        using var embeddings = new TokenEmbeddingFile(Save(TensorType.F32, 4096 + 64));
        var expected = Enumerable.Range(0, RowCount).Select(token => Read(embeddings, token)).ToArray();
        var wrongCount = Enumerable.Range(0, 400).AsParallel().WithDegreeOfParallelism(4)
            .Count(i => !Read(embeddings, i % RowCount).AsSpan().SequenceEqual(expected[i % RowCount]));
        Assert.That(wrongCount, Is.Zero);
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "Windows lets nobody change a file that is open.")]
    public void AFileThatHasBecomeShorterIsAFailure()
    {
        var path = Save(TensorType.F32, 32);
        using var embeddings = new TokenEmbeddingFile(path);
        using (var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            file.SetLength(file.Length - 64);
        }

        Assert.That(() => embeddings.Read(RowCount - 1, new float[32]), Throws.TypeOf<ModelFailureException>().With.Message.Contains("token 4").And.Message.Contains(path));
        Assert.That(() => embeddings.Read(0, new float[32]), Throws.Nothing);
    }

    [Test]
    public void DisposedOnesSaySo()
    {
        var embeddings = new TokenEmbeddingFile(Save(TensorType.F32, 32));
        embeddings.Dispose();
        Assert.That(() => embeddings.Read(0, new float[32]), Throws.TypeOf<ObjectDisposedException>());
    }

    private static float[] Read(TokenEmbeddingFile embeddings, int token)
    {
        var row = new float[embeddings.Width];
        embeddings.Read(token, row);
        return row;
    }

    private static float[] Values(int width)
    {
        var random = new Random(width);
        return [.. Enumerable.Range(0, width * RowCount).Select(_ => (2 * random.NextSingle()) - 1)];
    }

    private static void AssertRefused(string path, string part) =>
        Assert.That(() => new TokenEmbeddingFile(path), Throws.TypeOf<ModelFailureException>().With.Message.Contains(part).And.Message.Contains(path));

    private string Save(TensorType type, int width, float[]? values = null) => new SmallGguf()
        .With("general.name", "before the embeddings")
        .WithTensor("other", TensorType.F32, [9, 9, 9], 3)
        .WithTensor(Name, type, values ?? Values(width), width, RowCount)
        .Save(_folder["embeddings.gguf"]);
}
