namespace LlamaSpec.Drafting.ModelFree;

/// <summary>What a tri-gram table was counted from.</summary>
public sealed record TrigramOrigin
{
    /// <summary>Longest fingerprint, in bytes of UTF-8.</summary>
    public const int LongestFingerprintBytes = 256;

    /// <summary>Names the vocabulary by its content: with another one the token ids mean something else.</summary>
    public required string VocabularyFingerprint { get; init; }

    /// <summary>Tokens read.</summary>
    public required long TokenCount { get; init; }
}
