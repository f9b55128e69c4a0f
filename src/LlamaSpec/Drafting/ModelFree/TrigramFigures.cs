namespace LlamaSpec.Drafting.ModelFree;

/// <summary>How well tri-grams foretell texts.</summary>
/// <param name="TokenCount">Tokens foretold: all but the first two of each text.</param>
/// <param name="FirstCount">Of these, tokens that were the heaviest continuation.</param>
/// <param name="ListedCount">Of these, tokens that were among the continuations, at most twelve.</param>
public readonly record struct TrigramFigures(long TokenCount, long FirstCount, long ListedCount)
{
    /// <summary>Share of the tokens that were the heaviest continuation; 0 where there are none.</summary>
    public double FirstShare => TokenCount == 0 ? 0 : (double)FirstCount / TokenCount;

    /// <summary>Share of the tokens that were among the continuations; 0 where there are none.</summary>
    public double ListedShare => TokenCount == 0 ? 0 : (double)ListedCount / TokenCount;
}
