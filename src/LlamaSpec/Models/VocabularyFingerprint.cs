using System.Buffers.Binary;
using System.Security.Cryptography;

namespace LlamaSpec.Models;

/// <summary>
/// Tells vocabularies apart by their content: the number of tokens and the bytes of each. All quantisations of a model have the same
/// one, and often its whole family.
/// </summary>
public static class VocabularyFingerprint
{
    /// <summary>The fingerprint of a vocabulary: 32 hexadecimal digits. Takes some milliseconds.</summary>
    public static string Of(ITokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

        // Each token after its length, so that no two lists of tokens give the same bytes.
        var bytes = new byte[sizeof(int) + tokenizer.MaximumTokenBytes];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, tokenizer.VocabularySize);
        hash.AppendData(bytes, 0, sizeof(int));
        for (var token = 0; token < tokenizer.VocabularySize; token++)
        {
            var length = tokenizer.Decode(token, bytes.AsSpan(sizeof(int)));
            BinaryPrimitives.WriteInt32LittleEndian(bytes, length);
            hash.AppendData(bytes, 0, sizeof(int) + length);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 16));
    }
}
