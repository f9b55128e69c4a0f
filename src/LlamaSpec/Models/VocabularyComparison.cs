using System.Text;

namespace LlamaSpec.Models;

/// <summary>Whether a draft speaks its target's tokens: the same vocabulary, or a token map made for it. Immutable.</summary>
public sealed class VocabularyComparison
{
    /// <summary>Differences that are listed: enough to recognise what went wrong, few enough to read.</summary>
    public const int DifferenceLimit = 10;

    private VocabularyComparison(string? reason, IReadOnlyList<VocabularyDifference> differences, TokenMap? map)
    {
        Reason = reason;
        Differences = differences;
        TokenMap = map;
    }

    /// <summary>True when every draft row stands for one target token, or for none.</summary>
    public bool IsCompatible => Reason is null;

    /// <summary>Why the draft cannot be used, or null when it can.</summary>
    public string? Reason { get; }

    /// <summary>The first tokens that are spelled differently, at most <see cref="DifferenceLimit"/>.</summary>
    public IReadOnlyList<VocabularyDifference> Differences { get; }

    /// <summary>How many tokens the sizes may differ by: families pad the vocabularies of their models differently (llama.cpp allows the same).</summary>
    public const int SizeTolerance = 128;

    /// <summary>The map of a trimmed or differently padded draft, or null when the vocabularies are the same or do not fit.</summary>
    public TokenMap? TokenMap { get; }

    /// <summary>Compares two models. Takes some ten milliseconds for a large vocabulary.</summary>
    /// <exception cref="ObjectDisposedException">A model was disposed.</exception>
    public static VocabularyComparison Compare(ModelTraits target, ModelTraits draft)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(draft);
        if (target.Vocabulary is not { } tokens)
        {
            return Incompatible("the target has no vocabulary: only a draft may leave it out");
        }

        if (draft.TokenMap is { } map)
        {
            return CompareTrimmed(tokens.Size, map);
        }

        return draft.Vocabulary is { } draftTokens
            ? CompareFull(tokens, draftTokens)
            : Incompatible($"the draft has neither a vocabulary nor a token map ({TokenMapReader.TokenMapKey})");
    }

    /// <summary>The reason and the differences in one text, or "the vocabularies agree".</summary>
    public override string ToString()
    {
        var differences = Differences.Select(static difference => $"token {difference.Token} is \"{difference.TargetText}\" in the target and \"{difference.DraftText}\" in the draft");
        return Reason is null ? "the vocabularies agree" : string.Join("; ", differences.Prepend(Reason));
    }

    private static VocabularyComparison CompareTrimmed(int targetSize, TokenMap map) =>
        map.TargetVocabularySize == targetSize
            ? new VocabularyComparison(null, [], map)
            : Incompatible($"the draft was trimmed for a target with {map.TargetVocabularySize} tokens, but this one has {targetSize}");

    private static VocabularyComparison CompareFull(Vocabulary target, Vocabulary draft)
    {
        var differences = FindDifferences(target, draft);
        var reason = Math.Abs(target.Size - draft.Size) > SizeTolerance
            ? $"the target has {target.Size} tokens, the draft {draft.Size}"
            : differences.Count > 0 ? "the vocabularies spell tokens differently"
            : CompareSpecialTokens(target, draft);
        var map = reason is null && target.Size != draft.Size ? MapPadding(target.Size, draft.Size) : null;
        return new VocabularyComparison(reason, differences, map);
    }

    // The draft's last row, padding in such vocabularies, stands for the tokens that it lacks.
    private static TokenMap MapPadding(int targetSize, int draftSize) =>
        new([.. Enumerable.Range(0, draftSize).Select(row => row < targetSize ? row : -1)], draftSize - 1, targetSize);

    private static string? CompareSpecialTokens(Vocabulary target, Vocabulary draft) =>
        target.BeginToken != draft.BeginToken ? $"text begins with token {target.BeginToken} in the target and {draft.BeginToken} in the draft"
        : target.EndToken != draft.EndToken ? $"text ends with token {target.EndToken} in the target and {draft.EndToken} in the draft"
        : null;

    private static List<VocabularyDifference> FindDifferences(Vocabulary target, Vocabulary draft)
    {
        var differences = new List<VocabularyDifference>();
        var sharedCount = Math.Min(target.Size, draft.Size);
        for (var token = 0; token < sharedCount && differences.Count < DifferenceLimit; token++)
        {
            var targetText = target.TextOf(token);
            var draftText = draft.TextOf(token);
            if (!targetText.SequenceEqual(draftText))
            {
                differences.Add(new VocabularyDifference(token, Encoding.UTF8.GetString(targetText), Encoding.UTF8.GetString(draftText)));
            }
        }

        return differences;
    }

    private static VocabularyComparison Incompatible(string reason) => new(reason, [], null);
}
