namespace LlamaSpec.Drafting.ModelFree;

/// <summary>A token that followed a match.</summary>
/// <param name="Token">The token.</param>
/// <param name="Count">Times that it followed.</param>
/// <param name="Total">Times that the match was followed by any token.</param>
public readonly record struct SuffixContinuation(int Token, int Count, int Total);
