namespace LlamaSpec.Drafting.ModelFree;

/// <summary>Limits of a <see cref="SuffixAutomatonDrafter"/>.</summary>
public sealed record SuffixAutomatonOptions
{
    /// <summary>
    /// Most tokens that are remembered; then the older half is forgotten. Default 65,536, range 2 to 16,777,216. Memory is about
    /// 150 bytes a token, so a shorter context should say so.
    /// </summary>
    public int MaximumTokens { get; init; } = 65_536;

    /// <summary>
    /// Tokens that must agree before anything is proposed. Default 2, range 1 to 64. Short matches are often wrong, which their
    /// confidence says: of this project's code, continuations of confidence 0.2 to 0.3 were right in 29 of 100 cases, those
    /// of 0.6 to 0.7 in 89. From about 5 tokens on a match is usually right.
    /// </summary>
    public int MinimumMatch { get; init; } = 2;

    /// <summary>
    /// Second most frequent continuations that are proposed beside the chain, the likeliest first. Default 0: a chain. Range 0 to
    /// 16.
    /// </summary>
    public int MaximumBranches { get; init; }

    /// <summary>Throws when a value is out of range.</summary>
    /// <exception cref="ArgumentException">The message names the value and the range.</exception>
    public void Validate()
    {
        Check.Range(MaximumTokens, 2, 1 << 24, nameof(MaximumTokens));
        Check.Range(MinimumMatch, 1, 64, nameof(MinimumMatch));
        Check.Range(MaximumBranches, 0, 16, nameof(MaximumBranches));
    }
}
