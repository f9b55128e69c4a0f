using LlamaSpec.Policies;

namespace LlamaSpec.Measuring.Results;

/// <summary>What the comparison with llama-server's n-grams shows, in one sentence for each kind of task. Pure.</summary>
internal static class NGramConclusions
{
    /// <summary>The sentences; for all questions together first, where there are several kinds.</summary>
    public static IEnumerable<string> Draw(IReadOnlyList<NGramComparison> comparisons) =>
        comparisons.Skip(comparisons.Count > 2 ? 0 : 1).Select(Describe).OfType<string>();

    private static string? Describe(NGramComparison one)
    {
        if (one.Best is not { } best)
        {
            return null;
        }

        // What a user gets who chooses nothing.
        var auto = one.Policies.FirstOrDefault(static policy => policy.Policy == PolicyChoice.Auto.Name);
        var also = auto is null || auto == best ? string.Empty : $"; {auto.Policy} {auto.Ratio}";
        return $"On {one.Category} ours/best server n-gram = {best.Ratio}: {best.Policy} against {one.BestServer} ({best.Ratio.Verdict}){also}.";
    }
}
