namespace LlamaSpec.Policies.Ldlp;

/// <summary>The pair and the sampling that a predictor was trained for: with others it does not know what it says.</summary>
public sealed record LdlpOrigin
{
    /// <summary>Longest fingerprint, in bytes of UTF-8.</summary>
    public const int LongestFingerprintBytes = 256;

    /// <summary>Names the target's file by its content.</summary>
    public required string TargetFingerprint { get; init; }

    /// <summary>Names the draft's file by its content.</summary>
    public required string DraftFingerprint { get; init; }

    /// <summary>Temperature of the answers that it was trained on; 0 = greedy.</summary>
    public required float Temperature { get; init; }
}
