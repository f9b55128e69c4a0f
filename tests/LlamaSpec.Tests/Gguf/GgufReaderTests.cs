using System.Text;
using LlamaSpec.Gguf;
using LlamaSpec.Measuring.WideModels;
using LlamaSpec.Models;

namespace LlamaSpec.Tests.Gguf;

internal sealed class GgufReaderTests
{
    private static readonly byte[] FirstData = [1, 2, 3, 4, 5, 6, 7, 8];
    private static readonly byte[] SecondData = [.. Enumerable.Range(100, 68).Select(static i => (byte)i)];
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void CreateFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    [TestCase(null)]
    [TestCase(64u)]
    [TestCase(8u)]
    public void AFileIsReadAsItWasWritten(uint? alignment)
    {
        var metadata = Metadata();
        if (alignment is { } value)
        {
            metadata.Set(GgufFile.AlignmentKey, GgufValue.Of(value));
        }

        var path = Write(metadata);
        var file = GgufReader.Read(path);

        Assert.That(file.Metadata.Keys, Is.EqualTo(metadata.Keys));
        foreach (var key in metadata.Keys)
        {
            Assert.That(file.Metadata[key].Type, Is.EqualTo(metadata[key].Type));
            Assert.That(file.Metadata[key].Payload.ToArray(), Is.EqualTo(metadata[key].Payload.ToArray()), key);
        }

        Assert.That(file.Tensors.Select(static tensor => tensor.ToString()), Is.EqualTo((string[])["first [2] F32", "second [32 x 2] Q8_0"]));
        Assert.That(DataOf(file, 0), Is.EqualTo(FirstData));
        Assert.That(DataOf(file, 1), Is.EqualTo(SecondData));
        var step = alignment ?? 32;
        Assert.That((file.DataStart % step, file.Tensors[1].Offset % step, new FileInfo(path).Length % step), Is.EqualTo((0L, 0L, 0L)));
    }

    [Test]
    public void ValuesAreReadByTheirType()
    {
        var metadata = GgufReader.Read(Write(Metadata())).Metadata;
        Assert.That((metadata.Text("text"), metadata.Integer("count"), metadata.Real("real")), Is.EqualTo(("grüße", (long?)7, (float?)1e-5f)));
        Assert.That((metadata.Text("count"), metadata.Integer("text"), metadata.Real("missing")), Is.EqualTo(((string?)null, (long?)null, (float?)null)));
    }

    [Test]
    public void AReplacedValueKeepsItsPlaceAndTheOriginal()
    {
        var metadata = Metadata();
        var copy = metadata.Copy().Set("count", GgufValue.Of(8u)).Set("new", GgufValue.Of("x"));
        Assert.That(copy.Keys, Is.EqualTo((string[])[.. metadata.Keys, "new"]));
        Assert.That((copy.Integer("count"), metadata.Integer("count")), Is.EqualTo(((long?)8, (long?)7)));
    }

    [Test]
    public void AFileCutOffAnywhereIsRefused()
    {
        var content = File.ReadAllBytes(Write(Metadata()));
        var path = _folder["cut.gguf"];

        // The last tensor ends 28 bytes before the file does: 68 bytes, padded to 96.
        for (var length = 0; length < content.Length - 28; length++)
        {
            File.WriteAllBytes(path, content[..length]);
            Assert.That(() => GgufReader.Read(path), Throws.TypeOf<ModelFailureException>().With.Message.Contains(path), $"{length} bytes");
        }
    }

    [Test]
    public void ACorruptHeaderIsRefusedOrReadButNeverFatal()
    {
        var content = File.ReadAllBytes(Write(Metadata()));
        var path = _folder["corrupt.gguf"];
        for (var place = 0; place < content.Length - SecondData.Length; place++)
        {
            byte[] corrupt = [.. content];
            corrupt[place] ^= 0xFF;
            File.WriteAllBytes(path, corrupt);
            try
            {
                GgufReader.Read(path);
            }
            catch (ModelFailureException error)
            {
                Assert.That(error.Message, Does.Contain(path));
            }
        }
    }

    [Test]
    public void ForeignFilesAreNamed()
    {
        File.WriteAllText(_folder["foreign"], "This is no model at all.");
        Assert.That(() => GgufReader.Read(_folder["foreign"]), Throws.TypeOf<ModelFailureException>().With.Message.Contains("is not a GGUF file"));
        File.WriteAllBytes(_folder["old"], [.. "GGUF"u8, 1, 0, 0, 0, .. new byte[32]]);
        Assert.That(() => GgufReader.Read(_folder["old"]), Throws.TypeOf<ModelFailureException>().With.Message.Contains("version 1"));
        Assert.That(() => GgufReader.Read(_folder["missing"]), Throws.TypeOf<FileNotFoundException>().With.Message.Contains("does not exist"));
    }

    [Test]
    public void AKeyThatStandsTwiceIsRefused()
    {
        var content = File.ReadAllBytes(new SmallGguf().With("key a", 1u).With("key b", 2u).Save(_folder["twice.gguf"]));
        content[content.AsSpan().IndexOf("key b"u8) + 4] = (byte)'a';
        AssertRefused(content, "key a twice");
    }

    [TestCase(GgufValueType.Int32, 3L, "middle of its header", TestName = "an array shorter than it claims")]
    [TestCase(GgufValueType.Int32, 1L << 40, "middle of its header", TestName = "an array longer than the file")]
    [TestCase(GgufValueType.Int64, (1L << 61) + 1, "middle of its header", TestName = "an array whose bytes overflow")]
    [TestCase(GgufValueType.Int32, -1L, "middle of its header", TestName = "an array of a negative length")]
    [TestCase(GgufValueType.String, long.MaxValue, "middle of its header", TestName = "more texts than the file has bytes")]
    [TestCase(GgufValueType.Array, 1L, "type 9", TestName = "an array of arrays")]
    [TestCase((GgufValueType)77, 1L, "type 77", TestName = "an array of an unknown type")]
    public void AnArrayThatClaimsTooMuchIsRefusedBeforeItIsAllocated(GgufValueType type, long count, string part)
    {
        var path = new SmallGguf().With("array", SmallGguf.Array(type, count, [1, 0, 0, 0])).Save(_folder["array.gguf"]);
        AssertRefused(path, part);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.That(() => GgufReader.Read(path), Throws.TypeOf<ModelFailureException>());
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(1 << 18));
    }

    [TestCase(8)]
    [TestCase(16)]
    public void MoreEntriesThanAModelHasAreRefused(int place)
    {
        var content = File.ReadAllBytes(new SmallGguf().Save(_folder["empty.gguf"]));
        BitConverter.TryWriteBytes(content.AsSpan(place), 300_000L);
        AssertRefused(content, "300000");
    }

    [Test]
    public void AHeaderBeyondTheLimitIsRefused()
    {
        var path = new SmallGguf().With("array", SmallGguf.Array(GgufValueType.UInt8, 1L << 28, [])).Save(_folder["large.gguf"]);
        using (var file = File.OpenWrite(path))
        {
            file.SetLength((1L << 28) + 4096);
        }

        AssertRefused(path, "more than 256 MiB");
    }

    [Test]
    public void OnlyTheFirstPartSaysWhatAModelIs()
    {
        var first = GgufReader.Read(new SmallGguf().With(GgufFile.PartKey, (ushort)0).With(GgufFile.PartCountKey, (ushort)3).Save(_folder["first.gguf"]));
        Assert.That((first.IsPart, first.RequireFirstPart()), Is.EqualTo((true, first)));
        var second = GgufReader.Read(new SmallGguf().With(GgufFile.PartKey, (ushort)1).With(GgufFile.PartCountKey, (ushort)3).Save(_folder["second.gguf"]));
        Assert.That(second.RequireFirstPart, Throws.TypeOf<ModelFailureException>().With.Message.Contains("second.gguf is part 2 of 3"));
        Assert.That(GgufReader.Read(Write(Metadata())).IsPart, Is.False);
    }

    private static GgufMetadata Metadata() => new GgufMetadata()
        .Set("text", GgufValue.Of("grüße"))
        .Set("count", GgufValue.Of(7u))
        .Set("real", GgufValue.Of(1e-5f))
        .Set("flag", new GgufValue(GgufValueType.Bool, new byte[] { 1 }))
        .Set("words", new GgufValue(GgufValueType.Array, TextArray("one", "", "three")))
        .Set("numbers", new GgufValue(GgufValueType.Array, new byte[] { 3, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 9, 9, 8, 8 }));

    private static byte[] TextArray(params string[] texts)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write((uint)GgufValueType.String);
        writer.Write((long)texts.Length);
        foreach (var text in texts)
        {
            writer.Write((long)text.Length);
            writer.Write(Encoding.UTF8.GetBytes(text));
        }

        return stream.ToArray();
    }

    private static byte[] DataOf(GgufFile file, int tensor)
    {
        var start = (int)(file.DataStart + file.Tensors[tensor].Offset);
        return File.ReadAllBytes(file.Path)[start..(start + (int)file.Tensors[tensor].SizeBytes)];
    }

    private void AssertRefused(byte[] content, string part)
    {
        File.WriteAllBytes(_folder["refused.gguf"], content);
        AssertRefused(_folder["refused.gguf"], part);
    }

    private static void AssertRefused(string path, string part) =>
        Assert.That(() => GgufReader.Read(path), Throws.TypeOf<ModelFailureException>().With.Message.Contains(part).And.Message.Contains(path));

    private string Write(GgufMetadata metadata)
    {
        var path = _folder["file.gguf"];
        using var stream = File.Create(path);
        var writer = new GgufWriter(stream, metadata, [new GgufTensor("first", [2], TensorType.F32), new GgufTensor("second", [32, 2], TensorType.Q8_0)]);
        writer.Write(FirstData.AsSpan(0, 3));
        writer.Write(FirstData.AsSpan(3));
        writer.EndTensor();
        writer.Write(SecondData);
        writer.EndTensor();
        writer.Finish();
        return path;
    }
}
