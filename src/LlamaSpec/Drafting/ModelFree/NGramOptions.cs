namespace LlamaSpec.Drafting.ModelFree;

/// <summary>Limits of an <see cref="NGramDrafter"/>.</summary>
public sealed record NGramOptions
{
    /// <summary>Longest n-gram looked up, first. Default 4, range 1 to 16.</summary>
    public int LongestGram { get; init; } = 4;

    /// <summary>Shortest n-gram looked up, last. Default 2, range 1 to <see cref="LongestGram"/>.</summary>
    public int ShortestGram { get; init; } = 2;

    /// <summary>
    /// Most tokens that are remembered; then the older half is forgotten. Default 65,536, range 32 to 16,777,216. Memory is
    /// about 16 bytes a token for each length of n-gram.
    /// </summary>
    public int MaximumTokens { get; init; } = 65_536;

    /// <summary>Throws when a value is out of range.</summary>
    /// <exception cref="ArgumentException">The message names the value and the range.</exception>
    public void Validate()
    {
        Check.Range(LongestGram, 1, 16, nameof(LongestGram));
        Check.Range(ShortestGram, 1, LongestGram, nameof(ShortestGram));
        Check.Range(MaximumTokens, 32, 1 << 24, nameof(MaximumTokens));
    }
}
