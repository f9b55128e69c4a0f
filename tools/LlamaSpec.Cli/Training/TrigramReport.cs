using System.Globalization;

namespace LlamaSpec.Cli.Training;

/// <summary>A counting of tri-grams in words.</summary>
internal static class TrigramReport
{
    public static string Write(TrigramDocument result) => string.Create(CultureInfo.InvariantCulture, $"""
        read        {result.Tokens} tokens of {Sources(result)}; {result.HeldOutTokens} of them held out
        table       {result.Keys} pairs of tokens with {result.Continuations} continuations, {Mebibytes(result.MemoryBytes)} in memory
        foretold    {Percent(result.FirstShare)} of the held-out tokens by the first continuation, {Percent(result.ListedShare)} among at most twelve
        without it  {Percent(result.FirstShareWithoutTable)} and {Percent(result.ListedShareWithoutTable)}, from the text's own last tokens
        written to  {result.Output} ({result.OutputBytes / 1024.0:0} KiB)
        """) + Forgotten(result) + Advice(result);

    private static string Sources(TrigramDocument result)
    {
        string[] files = result.Files > 0 ? [result.Files == 1 ? "1 file" : $"{result.Files} files"] : [];
        string[] answers = result.Answers > 0
            ? [string.Create(CultureInfo.InvariantCulture, $"{result.Answers} answer{(result.Answers == 1 ? "" : "s")} at temperature {result.Temperature}")] : [];
        return string.Join(" and ", [.. files, .. answers]);
    }

    private static string Forgotten(TrigramDocument result) => result.Forgotten > 0
        ? string.Create(CultureInfo.InvariantCulture, $"\n{result.Forgotten} rare tri-grams were forgotten for want of memory while counting.")
        : string.Empty;

    private static string Advice(TrigramDocument result) => result.FirstShare > result.FirstShareWithoutTable
        ? string.Empty
        : "\nIt foretells no more than the text itself: give more text, of the kind that the target will write.";

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.0} %");

    private static string Mebibytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:0.0} MiB");
}
