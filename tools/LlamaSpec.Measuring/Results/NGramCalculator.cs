using LlamaSpec.Measuring.Runs;
using LlamaSpec.Measuring.Systems;

namespace LlamaSpec.Measuring.Results;

/// <summary>Compares the policies with llama-server's best n-gram setting of each kind of task in the same run. Pure.</summary>
internal static class NGramCalculator
{
    /// <summary>One entry for all questions, then one for each kind; empty where no such setting, or no policy, was measured.</summary>
    /// <param name="systems">All systems.</param>
    /// <param name="samples">Those of one temperature.</param>
    public static IReadOnlyList<NGramComparison> Compute(IReadOnlyList<SystemLabel> systems, IReadOnlyList<Sample> samples)
    {
        int[] policies = [.. Enumerable.Range(0, systems.Count).Where(index => systems[index].IsPolicy)];
        int[] servers = [.. Enumerable.Range(0, systems.Count).Where(index => systems[index].IsNGramServer)];
        var plain = systems.ToList().IndexOf(SystemLabel.Plain);
        if (servers.Length == 0 || policies.Length == 0 || plain < 0)
        {
            return [];
        }

        return
        [
            Compute(CategoryFigures.All, samples),
            .. samples.GroupBy(static sample => sample.Category).Select(group => Compute(group.Key, [.. group])),
        ];

        NGramComparison Compute(string category, IReadOnlyList<Sample> ofCategory)
        {
            var best = servers.MaxBy(index => PairedRatio.Of(ofCategory, index, plain).Value);
            var ratios = policies
                .Select(index => new PolicyRatio(systems[index].Name, PairedRatio.Of(ofCategory, index, best)))
                .Where(static policy => policy.Ratio.PromptCount > 0);
            return new NGramComparison(category, systems[best].Name, PairedRatio.Of(ofCategory, best, plain), [.. ratios]);
        }
    }
}
