using System.Security.Cryptography;
using System.Text;

namespace LlamaSpec.Drafting.ModelFree;

/// <summary>
/// Reads <see cref="TrigramFormat"/>. Every damage is an <see cref="InvalidDataException"/>, and nothing is allocated by a size
/// that the file only claims.
/// </summary>
internal static class TrigramReader
{
    public static TrigramTable Read(Stream stream)
    {
        var bytes = ReadAll(stream);
        var magic = TrigramFormat.Magic;
        if (bytes.Count < magic.Length + sizeof(ushort) || !bytes.AsSpan(0, magic.Length).SequenceEqual(magic))
        {
            throw new InvalidDataException("This is no tri-gram table: it does not start with LSTRIG. Make one with llamaspec train-trigram.");
        }

        var version = BitConverter.ToUInt16(bytes.AsSpan(magic.Length));
        if (version != TrigramFormat.Version)
        {
            throw new InvalidDataException($"The tri-gram table has version {version}, and this program reads version {TrigramFormat.Version}. Train it again.");
        }

        var end = bytes.Count - TrigramFormat.ChecksumBytes;
        if (end < 0 || !SHA256.HashData(bytes.AsSpan(0, end)).AsSpan().SequenceEqual(bytes.AsSpan(end)))
        {
            throw Damaged("its checksum is wrong");
        }

        using var reader = new BinaryReader(new MemoryStream(bytes.Array!, 0, end), Encoding.UTF8);
        reader.BaseStream.Position = magic.Length + sizeof(ushort);
        try
        {
            return ReadContent(reader);
        }
        catch (Exception error) when (error is EndOfStreamException or FormatException)
        {
            throw Damaged("it ends too early, or a number is none");
        }
    }

    private static TrigramTable ReadContent(BinaryReader reader)
    {
        var vocabularySize = InRange(reader.ReadInt32(), 1, TrigramTable.LargestVocabulary, "vocabulary size");
        var tokenCount = reader.ReadInt64();
        var origin = new TrigramOrigin
        {
            TokenCount = tokenCount >= 0 ? tokenCount : throw Damaged($"its number of tokens is {tokenCount}"),
            VocabularyFingerprint = ReadText(reader),
        };
        var left = reader.BaseStream.Length - reader.BaseStream.Position;
        var keyCount = InRange(reader.ReadInt32(), 0, (int)Math.Min(TrigramTable.MostKeys, left / TrigramFormat.LeastKeyBytes), "number of keys");
        var builder = new TrigramTableBuilder(vocabularySize, keyCount);
        var (first, second) = (0, -1);
        for (var i = 0; i < keyCount; i++)
        {
            var step = InRange(reader.Read7BitEncodedInt(), 0, vocabularySize - 1 - first, "first token");
            first += step;
            second = InRange(reader.Read7BitEncodedInt(), step > 0 ? 0 : second + 1, vocabularySize - 1, "second token");
            builder.AddKey(first, second);
            ReadContinuations(reader, builder, vocabularySize);
        }

        return reader.BaseStream.Position == reader.BaseStream.Length ? builder.Build(origin) : throw Damaged("it does not end after the last key");
    }

    private static void ReadContinuations(BinaryReader reader, TrigramTableBuilder builder, int vocabularySize)
    {
        var count = InRange(reader.ReadByte(), 1, TrigramTable.MostContinuations, "number of continuations");
        Span<int> tokens = stackalloc int[TrigramTable.MostContinuations];
        var (heaviest, sum) = (1f, 0f);
        for (var i = 0; i < count; i++)
        {
            tokens[i] = InRange(reader.Read7BitEncodedInt(), 0, vocabularySize - 1, "continuation");
            var weight = (float)reader.ReadHalf();
            sum += weight;

            // Written so that a NaN fails. Sixteen bits round a sum of 1 by less than a thousandth.
            if (!(weight > 0 && weight <= heaviest && sum <= 1.001f) || tokens[..i].Contains(tokens[i]))
            {
                throw Damaged("its continuations are not in order");
            }

            heaviest = weight;
            builder.AddContinuation(tokens[i], weight);
        }
    }

    private static string ReadText(BinaryReader reader)
    {
        var length = InRange(reader.ReadUInt16(), 0, TrigramOrigin.LongestFingerprintBytes, "fingerprint's length");
        var bytes = reader.ReadBytes(length);
        return bytes.Length == length ? Encoding.UTF8.GetString(bytes) : throw new EndOfStreamException();
    }

    private static int InRange(int value, int minimum, int maximum, string name) =>
        value >= minimum && value <= maximum ? value : throw Damaged($"its {name} is {value}");

    private static ArraySegment<byte> ReadAll(Stream stream)
    {
        using var content = new MemoryStream();
        var buffer = new byte[1 << 16];
        for (var count = stream.Read(buffer); count > 0; count = stream.Read(buffer))
        {
            if (content.Length + count > TrigramFormat.MostBytes)
            {
                throw new InvalidDataException($"This is no tri-gram table: it has more than {TrigramFormat.MostBytes >> 20} MiB.");
            }

            content.Write(buffer, 0, count);
        }

        return new ArraySegment<byte>(content.GetBuffer(), 0, (int)content.Length);
    }

    private static InvalidDataException Damaged(string what) =>
        new($"The tri-gram table is damaged: {what}. Train it again with llamaspec train-trigram.");
}
