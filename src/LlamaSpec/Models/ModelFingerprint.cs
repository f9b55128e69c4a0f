using System.Buffers.Binary;
using System.Security.Cryptography;

namespace LlamaSpec.Models;

/// <summary>Tells model files apart by their content, cheaply: by size, and SHA-256 of the first and the last MiB.</summary>
public static class ModelFingerprint
{
    private const int PartBytes = 1 << 20;

    /// <summary>The fingerprint of a file: 32 hexadecimal digits. Takes some milliseconds.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static string Of(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var size = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(size, file.Length);
        hash.AppendData(size);
        var part = new byte[(int)Math.Min(PartBytes, file.Length)];
        file.ReadExactly(part);
        hash.AppendData(part);
        file.Seek(-part.Length, SeekOrigin.End);
        file.ReadExactly(part);
        hash.AppendData(part);
        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 16));
    }
}
