using System.Security.Cryptography;

namespace LlamaSpec.Native;

/// <summary>Tells model files apart without reading all of them.</summary>
public static class ModelFingerprint
{
    private const int MebiByte = 1 << 20;

    /// <summary>The file's size and the SHA-256 of its first and its last MiB, as hexadecimal digits: "size-hash".</summary>
    /// <exception cref="IOException">The file does not exist or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It must not be read, or is a folder.</exception>
    public static string Of(string path)
    {
        using var file = File.OpenRead(path);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[MebiByte];
        Append(0);
        Append(Math.Max(0, file.Length - MebiByte));
        return $"{file.Length:x}-{Convert.ToHexStringLower(hash.GetHashAndReset())}";

        void Append(long position)
        {
            file.Position = position;
            hash.AppendData(buffer, 0, file.ReadAtLeast(buffer, MebiByte, throwOnEndOfStream: false));
        }
    }
}
