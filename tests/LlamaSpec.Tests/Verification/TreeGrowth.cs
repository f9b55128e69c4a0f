using LlamaSpec.Drafting;

namespace LlamaSpec.Tests.Verification;

/// <summary>What a plan may look at before a node gets another child: never the token that is to be drawn.</summary>
/// <param name="Tree">What was drafted so far.</param>
/// <param name="Node">The node.</param>
/// <param name="Key">Names the tokens up to it.</param>
/// <param name="Depth">Tokens up to it.</param>
/// <param name="DraftRow">The draft's distribution after it.</param>
internal readonly record struct GrowthView(TokenTree Tree, int Node, int Key, int Depth, double[] DraftRow);

/// <summary>
/// How many children a node should have: the draft's likeliest tokens as certain ones, and draws from what it gives the others.
/// Asked again before each draw.
/// </summary>
internal delegate (int Certain, int Sampled) GrowthPlan(GrowthView view);

/// <summary>Drafts trees by plan, level by level or each child's own subtree first.</summary>
internal static class TreeGrowth
{
    public static TreeDrafting LevelByLevel(GrowthPlan plan) => (models, tree, draws) =>
    {
        for (var node = TokenTree.Anchor; node < tree.Count; node++)
        {
            AddChildren(models, tree, draws, node, plan, static _ => { });
        }
    };

    public static TreeDrafting SubtreesFirst(GrowthPlan plan) => (models, tree, draws) =>
    {
        Grow(TokenTree.Anchor);

        void Grow(int node) => AddChildren(models, tree, draws, node, plan, Grow);
    };

    /// <summary>The draft's likeliest tokens, ties by lower token.</summary>
    public static int[] Likeliest(double[] row, int count) =>
        [.. Enumerable.Range(0, row.Length).OrderByDescending(token => row[token]).Take(count)];

    /// <summary>What the draft gives the other tokens, normalised.</summary>
    public static double[] Without(double[] row, int[] tokens)
    {
        if (tokens.Length == 0)
        {
            return row;
        }

        var rest = (double[])row.Clone();
        foreach (var token in tokens)
        {
            rest[token] = 0;
        }

        var mass = rest.Sum();
        return mass == 0 ? rest : [.. rest.Select(weight => (double)(float)(weight / mass))];
    }

    private static void AddChildren(
        TreeEnumeration models, TokenTree tree, BranchingDraws draws, int node, GrowthPlan plan, Action<int> visit)
    {
        var depth = node < 0 ? 0 : tree.Depths[node] + 1;
        if (depth == models.Depth)
        {
            return;
        }

        var row = models.DraftRow(models.Key(tree, node));
        var view = new GrowthView(tree, node, models.Key(tree, node), depth, row);
        var certain = Likeliest(row, plan(view).Certain);
        foreach (var token in certain)
        {
            visit(tree.Add(node, token, (float)row[token], isSampled: false));
        }

        double[] rest = [.. Without(row, certain)];
        var sampled = 0;
        while (rest.Sum() is > 0 and var mass && sampled < plan(view).Sampled)
        {
            if (sampled++ == 0)
            {
                models.Overwrite(tree.Proposal(node), rest);
            }

            var token = draws.Choose([.. rest.Select(weight => weight / mass)]);
            rest[token] = 0;
            visit(tree.Add(node, token, (float)row[token], isSampled: true));
        }
    }
}
