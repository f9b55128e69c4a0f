namespace LlamaSpec.LLamaSharp;

/// <summary>Where the models of a pair were loaded from.</summary>
/// <param name="TargetPath">The target's file.</param>
/// <param name="DraftPath">The draft's; null = there is none.</param>
internal sealed record PairFiles(string TargetPath, string? DraftPath);
