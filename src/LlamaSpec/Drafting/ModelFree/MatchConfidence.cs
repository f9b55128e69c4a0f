namespace LlamaSpec.Drafting.ModelFree;

/// <summary>
/// How far a continuation that was copied from an earlier match is to be trusted. It grows with the length of the match and with
/// how unanimous and how many the earlier continuations were. Only the order matters: what is accepted calibrates it.
/// </summary>
internal static class MatchConfidence
{
    /// <summary>The confidence, in (0, 1).</summary>
    /// <param name="matchLength">Tokens that agree before the continuation, at least 1.</param>
    /// <param name="agreeingCount">Times that the match was continued so, at least 1.</param>
    /// <param name="seenCount">Times that the match was continued at all, at least <paramref name="agreeingCount"/>.</param>
    public static float Of(int matchLength, int agreeingCount, int seenCount) =>
        // One continuation in two is taken to be unknown yet, and a match of two tokens to be chance as often as not.
        (float)(matchLength / (matchLength + 2.0) * agreeingCount / (seenCount + 0.5));
}
