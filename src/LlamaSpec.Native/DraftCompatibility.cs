using LlamaSpec.Models;

namespace LlamaSpec.Native;

/// <summary>Whether a draft can propose tokens to a target.</summary>
internal static class DraftCompatibility
{
    /// <summary>The token map of a trimmed draft, or null when the vocabularies are the same.</summary>
    /// <exception cref="ModelFailureException">The draft belongs to another target; the message shows the first differences.</exception>
    public static TokenMap? ThrowUnlessUsable(LlamaModel target, LlamaModel draft)
    {
        var comparison = VocabularyComparison.Compare(target, draft);
        return comparison.IsCompatible
            ? comparison.TokenMap
            : throw new ModelFailureException($"{draft.FilePath} does not fit {target.FilePath}: {comparison}. Use a draft that was made for this target.");
    }
}
