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
        using var reader = TrigramFormat.Frame.Open(stream);
        try
        {
            return ReadContent(reader);
        }
        catch (Exception error) when (error is EndOfStreamException or FormatException)
        {
            throw TrigramFormat.Frame.Damaged("it ends too early, or a number is none");
        }
    }

    private static TrigramTable ReadContent(BinaryReader reader)
    {
        var vocabularySize = TrigramFormat.Frame.InRange(reader.ReadInt32(), 1, TrigramTable.LargestVocabulary, "vocabulary size");
        var tokenCount = reader.ReadInt64();
        var origin = new TrigramOrigin
        {
            TokenCount = tokenCount >= 0 ? tokenCount : throw TrigramFormat.Frame.Damaged($"its number of tokens is {tokenCount}"),
            VocabularyFingerprint = ReadText(reader),
        };
        var left = reader.BaseStream.Length - reader.BaseStream.Position;
        var keyCount = TrigramFormat.Frame.InRange(reader.ReadInt32(), 0, (int)Math.Min(TrigramTable.MostKeys, left / TrigramFormat.LeastKeyBytes), "number of keys");
        var builder = new TrigramTableBuilder(vocabularySize, keyCount);
        var (first, second) = (0, -1);
        for (var i = 0; i < keyCount; i++)
        {
            var step = TrigramFormat.Frame.InRange(reader.Read7BitEncodedInt(), 0, vocabularySize - 1 - first, "first token");
            first += step;
            second = TrigramFormat.Frame.InRange(reader.Read7BitEncodedInt(), step > 0 ? 0 : second + 1, vocabularySize - 1, "second token");
            builder.AddKey(first, second);
            ReadContinuations(reader, builder, vocabularySize);
        }

        return reader.BaseStream.Position == reader.BaseStream.Length ? builder.Build(origin) : throw TrigramFormat.Frame.Damaged("it does not end after the last key");
    }

    private static void ReadContinuations(BinaryReader reader, TrigramTableBuilder builder, int vocabularySize)
    {
        var count = TrigramFormat.Frame.InRange(reader.ReadByte(), 1, TrigramTable.MostContinuations, "number of continuations");
        Span<int> tokens = stackalloc int[TrigramTable.MostContinuations];
        var (heaviest, sum) = (1f, 0f);
        for (var i = 0; i < count; i++)
        {
            tokens[i] = TrigramFormat.Frame.InRange(reader.Read7BitEncodedInt(), 0, vocabularySize - 1, "continuation");
            var weight = (float)reader.ReadHalf();
            sum += weight;

            // Written so that a NaN fails. Sixteen bits round a sum of 1 by less than a thousandth.
            if (!(weight > 0 && weight <= heaviest && sum <= 1.001f) || tokens[..i].Contains(tokens[i]))
            {
                throw TrigramFormat.Frame.Damaged("its continuations are not in order");
            }

            heaviest = weight;
            builder.AddContinuation(tokens[i], weight);
        }
    }

    private static string ReadText(BinaryReader reader)
    {
        var length = TrigramFormat.Frame.InRange(reader.ReadUInt16(), 0, TrigramOrigin.LongestFingerprintBytes, "fingerprint's length");
        var bytes = reader.ReadBytes(length);
        return bytes.Length == length ? Encoding.UTF8.GetString(bytes) : throw new EndOfStreamException();
    }
}
