namespace LlamaSpec.Drafting.ModelFree;

/// <summary>
/// The file of a tri-gram table, little endian; "number" is 7 bits a byte, the lowest first:
/// <code>
/// "LSTRIG"  u16 version
/// u32 vocabulary size  u64 tokens read  text vocabulary fingerprint      text = u16 byte count, UTF-8
/// u32 keys
/// of each key, ascending: number first token less that of the key before, number second token,
///     u8 continuations, and of each, the heaviest first: number token, f16 weight
/// 32 bytes SHA-256 of all before
/// </code>
/// </summary>
internal static class TrigramFormat
{
    private const ushort Version = 1;

    /// <summary>What stands around the content.</summary>
    public static CheckedFormat Frame { get; } = new("tri-gram table", "LSTRIG", Version, MostBytes, "train-trigram");

    /// <summary>Bytes of the checksum.</summary>
    public const int ChecksumBytes = CheckedFormat.ChecksumBytes;

    /// <summary>A limit for a file given by mistake: above the largest table that fits into memory comfortably.</summary>
    private const int MostBytes = 1 << 30;

    /// <summary>Fewest bytes of a key: so many keys at most are in a file of a given size.</summary>
    public const int LeastKeyBytes = 6;
}
