namespace LlamaSpec.Drafting.ModelFree;

/// <summary>How a tri-gram table is counted.</summary>
public sealed record TrigramTrainingOptions
{
    /// <summary>
    /// Most different tri-grams counted at a time; then the rarest are forgotten. Default 4,194,304: about 150 MB while
    /// training. Range 1,024 to 67,108,864.
    /// </summary>
    public int MaximumTrigrams { get; init; } = 1 << 22;

    /// <summary>
    /// Most pairs of tokens in the table: the most frequent. Default 1,048,576, some 30 MB in memory. Range 1 to
    /// <see cref="TrigramTable.MostKeys"/>.
    /// </summary>
    public int MaximumKeys { get; init; } = 1 << 20;

    /// <summary>Fewest times that a tri-gram must have been seen. Default 1. Range 1 to 1,000,000.</summary>
    public int MinimumCount { get; init; } = 1;

    /// <summary>Throws when a value is out of range.</summary>
    /// <exception cref="ArgumentException">The message names the value and the range.</exception>
    public void Validate()
    {
        Check.Range(MaximumTrigrams, 1 << 10, 1 << 26, nameof(MaximumTrigrams));
        Check.Range(MaximumKeys, 1, TrigramTable.MostKeys, nameof(MaximumKeys));
        Check.Range(MinimumCount, 1, 1_000_000, nameof(MinimumCount));
    }
}
