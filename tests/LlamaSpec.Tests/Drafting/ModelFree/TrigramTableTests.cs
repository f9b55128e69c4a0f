using System.Security.Cryptography;
using LlamaSpec.Drafting.ModelFree;

namespace LlamaSpec.Tests.Drafting.ModelFree;

public class TrigramTableTests
{
    // Offsets of the format: magic, version, vocabulary size, tokens, fingerprint ("test"), keys.
    private const int VocabularyOffset = 8;
    private const int TokensOffset = 12;
    private const int TextOffset = 20;
    private const int KeysOffset = 26;
    private const int FirstKeyOffset = 30;

    private static readonly TrigramTable Small = Trigrams.Table("abcabcabdxab", "xyzzy", "bcdbce");

    [Test]
    public void AFileGivesBackWhatWasSaved()
    {
        foreach (var table in (TrigramTable[])[Small, Trigrams.Table(), Trigrams.Dense()])
        {
            var bytes = table.Save();
            var loaded = TrigramTable.Load(new MemoryStream(bytes));
            Assert.That(loaded.Origin, Is.EqualTo(table.Origin));
            Assert.That((loaded.VocabularySize, loaded.KeyCount, loaded.ContinuationCount, loaded.MemoryBytes),
                Is.EqualTo((table.VocabularySize, table.KeyCount, table.ContinuationCount, table.MemoryBytes)));
            for (var (first, second) = (0, 0); first < table.VocabularySize; (first, second) = second == table.VocabularySize - 1 ? (first + 1, 0) : (first, second + 1))
            {
                Assert.That(loaded.Find(first, second).Tokens.SequenceEqual(table.Find(first, second).Tokens), Is.True);
                Assert.That(loaded.Find(first, second).Weights.SequenceEqual(table.Find(first, second).Weights), Is.True);
            }

            Assert.That(loaded.Save(), Is.EqualTo(bytes));
        }
    }

    [Test]
    public void EveryFlippedBitIsNoticed()
    {
        var bytes = Small.Save();
        for (var bit = 0; bit < 8 * bytes.Length; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.That(() => TrigramTable.Load(new MemoryStream(bytes)), Throws.TypeOf<InvalidDataException>(), $"bit {bit}");
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Test]
    public void EveryTruncationIsNoticed()
    {
        var bytes = Small.Save();
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.That(() => TrigramTable.Load(new MemoryStream(bytes, 0, length)), Throws.TypeOf<InvalidDataException>(), $"{length} bytes");
        }

        Assert.That(() => TrigramTable.Load(new MemoryStream([.. bytes, 0])), Throws.TypeOf<InvalidDataException>());
    }

    // What no checksum can notice: a file that was made so.
    [Test]
    public void NoContentCrashesTheReader() => Property.Holds(static random =>
    {
        var bytes = Changed(content =>
        {
            for (var i = random.Next(1, 4); i > 0; i--)
            {
                content[random.Next(VocabularyOffset, content.Length)] = (byte)random.Next(256);
            }
        });
        TrigramTable table;
        try
        {
            table = TrigramTable.Load(new MemoryStream(bytes));
        }
        catch (InvalidDataException)
        {
            return;
        }

        // What is accepted can be used.
        for (var first = -1; first < 30; first++)
        {
            for (var second = -1; second < 30; second++)
            {
                var found = table.Find(first, second);
                Assert.That(found.Tokens.Length, Is.LessThanOrEqualTo(TrigramTable.MostContinuations));
                Assert.That(found.Tokens.ToArray(), Is.All.InRange(0, table.VocabularySize - 1));
                Assert.That(found.Tokens.ToArray(), Is.Unique);
                Assert.That(found.Weights.ToArray(), Is.Ordered.Descending);
                Assert.That(found.Weights.ToArray(), Is.All.InRange(1e-9f, 1f));
            }
        }
    }, count: 3000);

    [TestCase(VocabularyOffset, 0, "vocabulary size")]
    [TestCase(VocabularyOffset, (1 << 21) + 1, "vocabulary size")]
    [TestCase(VocabularyOffset, 3, "second token|first token|continuation")]
    [TestCase(TokensOffset + 4, -1, "number of tokens")]
    [TestCase(KeysOffset, -1, "number of keys")]
    [TestCase(KeysOffset, 1_000_000, "number of keys")]
    [TestCase(KeysOffset, 2, "does not end after the last key")]
    public void ANumberOutOfRangeIsNamedThoughTheChecksumIsRight(int offset, int value, string name)
    {
        var bytes = Changed(content => BitConverter.TryWriteBytes(content.AsSpan(offset), value));
        Assert.That(() => TrigramTable.Load(new MemoryStream(bytes)), Throws.TypeOf<InvalidDataException>().With.Message.Matches(name));
    }

    [TestCase(0, 200, "first token")]
    [TestCase(1, 90, "second token")]
    [TestCase(2, 13, "number of continuations")]
    [TestCase(2, 0, "number of continuations")]
    [TestCase(3, 99, "continuation")]
    [TestCase(5, 0xFF, "not in order")]
    [TestCase(5, 0x80, "not in order")]
    [TestCase(6, 2, "not in order")]
    public void AKeyThatCannotBeIsNamed(int offset, byte value, string name)
    {
        // The first key: step 0, second token 1, two continuations: token 2 with a weight of 16 bits, token 3 with another.
        Assert.That(Small.Save()[FirstKeyOffset..][..4], Is.EqualTo(new byte[] { 0, 1, 2, 2 }));
        var bytes = Changed(content => content[FirstKeyOffset + offset] = value);
        Assert.That(() => TrigramTable.Load(new MemoryStream(bytes)), Throws.TypeOf<InvalidDataException>().With.Message.Contains(name));
    }

    [Test]
    public void MoreKeysThanTheFileHoldsAreNotAllocated()
    {
        var bytes = Changed(static content => BitConverter.TryWriteBytes(content.AsSpan(KeysOffset), TrigramTable.MostKeys));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.That(() => TrigramTable.Load(new MemoryStream(bytes)), Throws.TypeOf<InvalidDataException>());
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(1 << 20));
    }

    [Test]
    public void ATextBeyondItsLimitIsNamed()
    {
        var bytes = Changed(static content => BitConverter.TryWriteBytes(content.AsSpan(TextOffset), (ushort)257));
        Assert.That(() => TrigramTable.Load(new MemoryStream(bytes)), Throws.TypeOf<InvalidDataException>().With.Message.Contains("fingerprint"));
    }

    [Test]
    public void ForeignFilesAndOtherVersionsAreNamed()
    {
        Assert.That(() => TrigramTable.Load(new MemoryStream("GGUF and more than eight bytes"u8.ToArray())), Throws.TypeOf<InvalidDataException>().With.Message.Contains("LSTRIG"));
        var other = Changed(static content => content[6] = 2);
        Assert.That(() => TrigramTable.Load(new MemoryStream(other)), Throws.TypeOf<InvalidDataException>().With.Message.Contains("version 2"));
    }

    // The content changed, with a checksum that fits again.
    private static byte[] Changed(Action<byte[]> change)
    {
        var content = Small.Save()[..^TrigramFormat.ChecksumBytes];
        change(content);
        return [.. content, .. SHA256.HashData(content)];
    }
}
