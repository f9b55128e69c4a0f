namespace LlamaSpec.Tests.Verification;

/// <summary>The ways to draft a tree that are proven exact, and those that only decide how far to go.</summary>
internal static class TreePlans
{
    /// <summary>The same number of certain children for every node.</summary>
    public static GrowthPlan Certain(int count) => _ => (count, 0);

    /// <summary>Certain children whose number follows the prefix.</summary>
    public static GrowthPlan Ragged() => view => ((view.Key * 5 / 3) % 3, 0);

    /// <summary>The likeliest tokens but one are certain, and one is drawn from the others; not where those have little weight.</summary>
    public static GrowthPlan Hybrid(int childCount, double leastComplement = 0) => view =>
        (childCount - 1, TreeGrowth.Likeliest(view.DraftRow, childCount - 1).Sum(token => view.DraftRow[token]) > 1 - leastComplement ? 0 : 1);

    /// <summary>Children drawn without replacement.</summary>
    public static GrowthPlan Sampled(int childCount) => _ => (0, childCount);

    /// <summary>Children drawn without replacement, fewer from level to level.</summary>
    public static GrowthPlan SampledByLevel(params int[] childCounts) => view => (0, childCounts[view.Depth]);

    /// <summary>One sampled node, then certain ones.</summary>
    public static GrowthPlan SampledThenCertain() => view => view.Depth == 0 ? (0, 1) : (1, 0);

    /// <summary>Certain nodes first, hybrid ones below them.</summary>
    public static GrowthPlan HybridBelowCertain() => view => view.Depth == 0 ? (2, 0) : (1, 1);

    /// <summary>Two sampled nodes with certain children each, and a sampled one below those.</summary>
    public static GrowthPlan CertainBelowSampled() => view => view.Depth == 1 ? (2, 0) : (0, 2 - (view.Depth / 2));

    /// <summary>Certain and two sampled children at every node.</summary>
    public static GrowthPlan HybridWithoutReplacement() => _ => (1, 2);

    /// <summary>Nodes end where the draft's probability of their path is low.</summary>
    public static GrowthPlan WhileLikely(GrowthPlan plan, double leastProbability) => view =>
    {
        var probability = 1.0;
        for (var node = view.Node; node >= 0; node = view.Tree.Parents[node])
        {
            probability *= view.Tree.Probabilities[node];
        }

        return probability < leastProbability ? (0, 0) : plan(view);
    };

    /// <summary>Nodes end where the draft is unsure of the next token.</summary>
    public static GrowthPlan WhileSure(GrowthPlan plan, double mostEntropy) => view =>
        -view.DraftRow.Sum(static q => q > 0 ? q * Math.Log(q) : 0) > mostEntropy ? (0, 0) : plan(view);

    /// <summary>Whether another child is drawn follows all tokens that were drawn before, wherever in the tree.</summary>
    public static GrowthPlan ByEarlierTokens(GrowthPlan plan) => view =>
    {
        var (certain, sampled) = plan(view);
        var sum = 0;
        foreach (var token in view.Tree.Tokens)
        {
            sum = (sum * 3) + token;
        }

        return (certain, sum % 5 == 1 ? 0 : sampled);
    };
}
