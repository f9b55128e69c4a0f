namespace LlamaSpec.Models;

/// <summary>A token that two vocabularies spell differently.</summary>
/// <param name="Token">The id.</param>
/// <param name="TargetText">How the target spells it.</param>
/// <param name="DraftText">How the draft spells it.</param>
public readonly record struct VocabularyDifference(int Token, string TargetText, string DraftText);
