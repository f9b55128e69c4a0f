using LlamaSpec.Models;

namespace LlamaSpec.Drafting.ModelFree;

/// <summary>Finds the tri-gram table of a target: a file beside it, with its name and the ending .trigram.</summary>
public static class TrigramFile
{
    /// <summary>The ending of a table's file.</summary>
    public const string Extension = ".trigram";

    /// <summary>Where the table of a target is looked for: "target.gguf" has "target.trigram".</summary>
    public static string PathFor(string targetPath) => CompanionFile.PathFor(targetPath, Extension);

    /// <summary>
    /// Loads a table. A file that is missing, damaged or of another vocabulary is a reason, never an exception. Takes about 0.2 seconds
    /// for a million pairs of tokens.
    /// </summary>
    /// <param name="path">The table's file, for example that of <see cref="PathFor"/>.</param>
    /// <param name="tokenizer">The target's: its tokens must be those that the table was counted from.</param>
    /// <param name="reason">Why there is no table, in one sentence without its full stop; empty when there is one.</param>
    /// <returns>The table, or null.</returns>
    public static TrigramTable? TryLoad(string path, ITokenizer tokenizer, out string reason)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        return CompanionFile.TryLoad(path, "train-trigram", TrigramTable.Load, table => WhyUnfit(table, tokenizer), out reason);
    }

    private static string? WhyUnfit(TrigramTable table, ITokenizer tokenizer) =>
        table.VocabularySize == tokenizer.VocabularySize && table.Origin.VocabularyFingerprint == VocabularyFingerprint.Of(tokenizer)
            ? null
            : "was counted from other tokens than this target's";
}
