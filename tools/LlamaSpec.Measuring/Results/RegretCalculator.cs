using LlamaSpec.Measuring.Runs;
using LlamaSpec.Measuring.Systems;

namespace LlamaSpec.Measuring.Results;

/// <summary>Compares the policies with the best fixed length of each kind of task in the same run. Pure.</summary>
internal static class RegretCalculator
{
    /// <summary>One entry for all questions, then one for each kind; empty where no fixed length was measured.</summary>
    /// <param name="systems">All systems.</param>
    /// <param name="samples">Those of one temperature.</param>
    public static IReadOnlyList<CategoryRegret> Compute(IReadOnlyList<SystemLabel> systems, IReadOnlyList<Sample> samples)
    {
        int[] policies = [.. Enumerable.Range(0, systems.Count).Where(index => systems[index].IsPolicy)];
        int[] fixedLengths = [.. policies.Where(index => systems[index].FixedLength is not null)];
        var plain = systems.ToList().IndexOf(SystemLabel.Plain);
        if (fixedLengths.Length == 0 || plain < 0)
        {
            return [];
        }

        return
        [
            Compute(CategoryFigures.All, samples),
            .. samples.GroupBy(static sample => sample.Category).Select(group => Compute(group.Key, [.. group])),
        ];

        CategoryRegret Compute(string category, IReadOnlyList<Sample> ofCategory)
        {
            var best = fixedLengths.MaxBy(index => PairedRatio.Of(ofCategory, index, plain).Value);
            var regrets = policies
                .Select(index => (systems[index].Name, Ratio: PairedRatio.Of(ofCategory, index, best)))
                .Where(static policy => policy.Ratio.PromptCount > 0)
                .Select(static policy => new PolicyRegret(policy.Name, 1 - policy.Ratio.Value));
            return new CategoryRegret(category, systems[best].Name, PairedRatio.Of(ofCategory, best, plain).Value, [.. regrets]);
        }
    }
}
