using LlamaSpec.Models;
using LlamaSpec.Native.Interop;

namespace LlamaSpec.Native;

/// <summary>Whether a draft speaks its target's tokens: the same vocabulary, or a token map made for it. Immutable.</summary>
public sealed unsafe class VocabularyComparison
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

    /// <summary>Compares two loaded models. Takes some ten milliseconds for a large vocabulary.</summary>
    /// <exception cref="ModelFailureException">The draft's token map is incomplete or contradicts itself.</exception>
    /// <exception cref="ObjectDisposedException">A model was disposed.</exception>
    public static VocabularyComparison Compare(LlamaModel target, LlamaModel draft)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(draft);
        if (!target.HasVocabulary)
        {
            return Incompatible("the target has no vocabulary: only a draft may leave it out");
        }

        if (TokenMapReader.TryRead(draft.FilePath) is { } map)
        {
            return CompareTrimmed(target, map);
        }

        return draft.HasVocabulary
            ? CompareFull(target, draft)
            : Incompatible($"the draft has neither a vocabulary nor a token map ({TokenMapReader.TokenMapKey})");
    }

    /// <summary>The reason and the differences in one text, or "the vocabularies agree".</summary>
    public override string ToString()
    {
        var differences = Differences.Select(static difference => $"token {difference.Token} is \"{difference.TargetText}\" in the target and \"{difference.DraftText}\" in the draft");
        return Reason is null ? "the vocabularies agree" : string.Join("; ", differences.Prepend(Reason));
    }

    private static VocabularyComparison CompareTrimmed(LlamaModel target, TokenMap map) =>
        map.TargetVocabularySize == target.Info.VocabularySize
            ? new VocabularyComparison(null, [], map)
            : Incompatible($"the draft was trimmed for a target with {map.TargetVocabularySize} tokens, but this one has {target.Info.VocabularySize}");

    private static VocabularyComparison CompareFull(LlamaModel target, LlamaModel draft)
    {
        var differences = FindDifferences(target, draft);
        var (targetSize, draftSize) = (target.Info.VocabularySize, draft.Info.VocabularySize);
        var reason = Math.Abs(targetSize - draftSize) > SizeTolerance
            ? $"the target has {targetSize} tokens, the draft {draftSize}"
            : differences.Count > 0 ? "the vocabularies spell tokens differently"
            : CompareSpecialTokens(target, draft);
        var map = reason is null && targetSize != draftSize ? MapPadding(targetSize, draftSize) : null;
        return new VocabularyComparison(reason, differences, map);
    }

    // The draft's last row, padding in such vocabularies, stands for the tokens that it lacks.
    private static TokenMap MapPadding(int targetSize, int draftSize) =>
        new([.. Enumerable.Range(0, draftSize).Select(row => row < targetSize ? row : -1)], draftSize - 1, targetSize);

    private static string? CompareSpecialTokens(LlamaModel target, LlamaModel draft) =>
        target.BeginToken != draft.BeginToken ? $"text begins with token {target.BeginToken} in the target and {draft.BeginToken} in the draft"
        : target.EndToken != draft.EndToken ? $"text ends with token {target.EndToken} in the target and {draft.EndToken} in the draft"
        : null;

    private static List<VocabularyDifference> FindDifferences(LlamaModel target, LlamaModel draft)
    {
        var differences = new List<VocabularyDifference>();
        var sharedCount = Math.Min(target.Info.VocabularySize, draft.Info.VocabularySize);
        Span<byte> targetText = stackalloc byte[512];
        Span<byte> draftText = stackalloc byte[512];
        for (var token = 0; token < sharedCount && differences.Count < DifferenceLimit; token++)
        {
            if (!TextOf(target, token, targetText).SequenceEqual(TextOf(draft, token, draftText)))
            {
                differences.Add(new VocabularyDifference(token, target.Tokenizer.TokenText(token), draft.Tokenizer.TokenText(token)));
            }
        }

        return differences;
    }

    private static ReadOnlySpan<byte> TextOf(LlamaModel model, int token, Span<byte> buffer)
    {
        int length;
        fixed (byte* pointer = buffer)
        {
            var status = ShimImports.TokenText(model.Handle, token, pointer, buffer.Length, out length);
            if (status != ShimStatus.BufferTooSmall)
            {
                ShimErrors.ThrowOnError(status);
                return buffer[..length];
            }
        }

        return TextOf(model, token, new byte[length]);
    }

    private static VocabularyComparison Incompatible(string reason) => new(reason, [], null);
}
