using System.Security.Cryptography;
using System.Text;

namespace LlamaSpec.Drafting.ModelFree;

/// <summary>Writes <see cref="TrigramFormat"/>.</summary>
internal static class TrigramWriter
{
    public static void Write(TrigramTable table, Stream stream)
    {
        using var hash = SHA256.Create();
        using (var hashed = new CryptoStream(stream, hash, CryptoStreamMode.Write, leaveOpen: true))
        using (var writer = new BinaryWriter(hashed, Encoding.UTF8))
        {
            WriteHeader(writer, table);
            WriteKeys(writer, table);
        }

        stream.Write(hash.Hash!);
    }

    private static void WriteHeader(BinaryWriter writer, TrigramTable table)
    {
        TrigramFormat.Frame.WriteHeader(writer);
        writer.Write(table.VocabularySize);
        writer.Write(table.Origin.TokenCount);
        var fingerprint = Encoding.UTF8.GetBytes(table.Origin.VocabularyFingerprint);
        writer.Write((ushort)fingerprint.Length);
        writer.Write(fingerprint);
        writer.Write(table.KeyCount);
    }

    private static void WriteKeys(BinaryWriter writer, TrigramTable table)
    {
        var previous = 0;
        for (var first = 0; first < table.VocabularySize; first++)
        {
            var (start, end) = table.KeysOf(first);
            for (var key = start; key < end; key++)
            {
                writer.Write7BitEncodedInt(first - previous);
                writer.Write7BitEncodedInt(table.SecondOf(key));
                WriteContinuations(writer, table.At(key));
                previous = first;
            }
        }
    }

    private static void WriteContinuations(BinaryWriter writer, TrigramContinuations continuations)
    {
        writer.Write((byte)continuations.Tokens.Length);
        for (var i = 0; i < continuations.Tokens.Length; i++)
        {
            writer.Write7BitEncodedInt(continuations.Tokens[i]);
            writer.Write((Half)continuations.Weights[i]);
        }
    }
}
