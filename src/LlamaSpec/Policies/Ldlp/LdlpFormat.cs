namespace LlamaSpec.Policies.Ldlp;

/// <summary>
/// The file of a predictor, little endian:
/// <code>
/// "LSLDLP"  u16 version
/// u32 hidden size  u32 width  u32 longest length  f32 temperature
/// text target fingerprint  text draft fingerprint                       text = u16 byte count, UTF-8
/// u32 training samples  u32 held-out samples  5 x f32 figures            in the order of LdlpFigures
/// (longest + 1) x u32 counts  (longest + 1) x longest x f32 survival     by rounded prediction
/// u8 bytes of a weight (2 or 4)  weights                                 W1 b1 W2 b2 W3 b3 w b, rows of outputs
/// 32 bytes SHA-256 of all before
/// </code>
/// </summary>
internal static class LdlpFormat
{
    private const ushort Version = 1;

    /// <summary>What stands around the content.</summary>
    public static CheckedFormat Frame { get; } = new("draft-length predictor", "LSLDLP", Version, MostBytes, "train-ldlp");

    /// <summary>Bytes of the checksum.</summary>
    public const int ChecksumBytes = CheckedFormat.ChecksumBytes;

    /// <summary>A limit for a file given by mistake: more than the largest predictor has.</summary>
    private const int MostBytes = 1 << 29;
}
