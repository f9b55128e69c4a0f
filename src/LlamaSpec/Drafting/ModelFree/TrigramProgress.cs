namespace LlamaSpec.Drafting.ModelFree;

/// <summary>How far a counting of tri-grams is.</summary>
/// <param name="TokenCount">Tokens read.</param>
/// <param name="TrigramCount">Different tri-grams counted now.</param>
public readonly record struct TrigramProgress(long TokenCount, int TrigramCount);
