using System.Globalization;

namespace LlamaSpec.Measuring.Systems;

/// <summary>Lengths of an n-gram lookup, each 1 to 1024 tokens; written "4/8".</summary>
/// <param name="Match">Tokens that must be found again.</param>
/// <param name="Draft">Most tokens of a draft.</param>
internal readonly record struct NGramLengths(int Match, int Draft)
{
    /// <summary>llama-server's limit for both.</summary>
    public const int Longest = 1024;

    /// <summary>Reads "MATCH/LENGTH"; null when it is something else.</summary>
    public static NGramLengths? TryParse(string text) =>
        text.Split('/') is [var match, var draft] && ParseLength(match) is { } matchLength && ParseLength(draft) is { } draftLength
            ? new NGramLengths(matchLength, draftLength)
            : null;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Match}/{Draft}");

    private static int? ParseLength(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var length) && length is >= 1 and <= Longest ? length : null;
}
