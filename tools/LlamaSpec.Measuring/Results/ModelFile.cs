using System.Security.Cryptography;

namespace LlamaSpec.Measuring.Results;

/// <summary>A model of the run: its name, not where it lies on this machine.</summary>
/// <param name="Name">The file's name.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">Of the file, hexadecimal.</param>
internal sealed record ModelFile(string Name, long Bytes, string Sha256)
{
    private const int ShownDigits = 12;

    /// <summary>Reads the whole file.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static ModelFile Read(string path)
    {
        using var stream = File.OpenRead(path);
        return new ModelFile(Path.GetFileName(path), stream.Length, Convert.ToHexStringLower(SHA256.HashData(stream)));
    }

    public override string ToString() => FormattableString.Invariant($"{Name} ({Bytes / 1e6:F1} MB, SHA-256 {Sha256[..ShownDigits]})");
}
