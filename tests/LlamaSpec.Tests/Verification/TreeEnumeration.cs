using LlamaSpec.Drafting;
using LlamaSpec.Sampling;
using LlamaSpec.Verification;

namespace LlamaSpec.Tests.Verification;

/// <summary>Drafts a tree, by chance where it samples.</summary>
internal delegate void TreeDrafting(TreeEnumeration models, TokenTree tree, BranchingDraws draws);

/// <summary>Verifies a tree.</summary>
internal delegate Acceptance TreeRule(TreeEnumeration models, TokenTree tree, BranchingDraws draws);

/// <summary>
/// A pair of models over a tiny vocabulary whose distributions depend on the whole prefix, and the exact distribution of what
/// a round commits: every way that chance can go in drafting and in verification.
/// </summary>
internal sealed class TreeEnumeration(int vocabularySize, int depth, Func<int, double[]> targetRow, Func<int, double[]> draftRow, bool isDense)
{
    // 84: three full levels of four children.
    private const int Capacity = 84;

    private readonly TokenTree _tree = new(Capacity, vocabularySize);

    public static readonly ManagedKernels Kernels = new();

    /// <summary>The walk from the anchor token down.</summary>
    public static readonly TreeRule Walk = static (models, tree, draws) =>
    {
        var rows = new TargetRows(models, tree);
        return TreeVerifier.Verify(tree, ref rows, models.Scratch(), Kernels, ref draws);
    };

    /// <summary>Traversal from the leaves up.</summary>
    public static readonly TreeRule Traversal = static (models, tree, draws) =>
        TraversalVerifier.Verify(
            tree, [.. Enumerable.Range(-1, tree.Count + 1).Select(node => models.Target(tree, node)), models.Empty()], Kernels, ref draws);

    public int VocabularySize => vocabularySize;

    /// <summary>Longest path that is drafted. Texts are a token longer.</summary>
    public int Depth => depth;

    public double[] TargetRow(int key) => targetRow(key);

    public double[] DraftRow(int key) => draftRow(key);

    /// <summary>Names the tokens up to a node. Different prefixes have different keys.</summary>
    public int Key(TokenTree tree, int node) => node < 0 ? 1 : (Key(tree, tree.Parents[node]) * vocabularySize) + tree.Tokens[node];

    /// <summary>The target's distribution after a node, in an object of its own.</summary>
    public TokenDistribution Target(TokenTree tree, int node) => Overwrite(Empty(), targetRow(Key(tree, node)));

    public TokenDistribution Empty() => new(vocabularySize);

    public (TokenDistribution First, TokenDistribution Second) Scratch() => (Empty(), Empty());

    public TokenDistribution Overwrite(TokenDistribution distribution, double[] row)
    {
        distribution.Clear();
        if (isDense)
        {
            row.Select(weight => (float)weight).ToArray().CopyTo(distribution.OverwriteAll());
            return distribution;
        }

        for (var token = 0; token < row.Length; token++)
        {
            if (row[token] > 0)
            {
                distribution.Add(token, (float)row[token]);
            }
        }

        return distribution;
    }

    /// <summary>Probability of every text when a round begins it and the target completes it.</summary>
    public double[] Committed(TreeDrafting drafting, TreeRule rule, out double meanAccepted)
    {
        var result = new double[TextCount];
        meanAccepted = 0;
        foreach (var (outcome, probability) in BranchingDraws.Explore(draws => Round(drafting, rule, draws)))
        {
            meanAccepted += probability * (outcome.Length - 1);
            AddCompletions(outcome, 1, probability, result);
        }

        return result;
    }

    /// <summary>The same under the target alone.</summary>
    public double[] Expected()
    {
        var result = new double[TextCount];
        AddCompletions([], 1, 1, result);
        return result;
    }

    public double TotalVariation(TreeDrafting drafting, TreeRule rule) =>
        ChainEnumeration.TotalVariation(Committed(drafting, rule, out _), Expected());

    public double MeanAccepted(TreeDrafting drafting, TreeRule rule)
    {
        Committed(drafting, rule, out var meanAccepted);
        return meanAccepted;
    }

    private int TextCount => (int)Math.Pow(vocabularySize, depth + 1);

    private int[] Round(TreeDrafting drafting, TreeRule rule, BranchingDraws draws)
    {
        _tree.Reserve();
        _tree.Clear();
        drafting(this, _tree, draws);
        var acceptance = rule(this, _tree, draws);
        var tokens = new int[acceptance.AcceptedCount + 1];
        tokens[^1] = acceptance.NextToken;
        var node = acceptance.LastNode;
        for (var i = acceptance.AcceptedCount - 1; i >= 0; i--)
        {
            tokens[i] = _tree.Tokens[node];
            node = _tree.Parents[node];
        }

        Assert.That(node, Is.EqualTo(TokenTree.Anchor), "The accepted tokens are a path from the anchor token.");
        return tokens;
    }

    // The key is that of the given tokens and those that were completed before.
    private void AddCompletions(ReadOnlySpan<int> tokens, int key, double probability, double[] result)
    {
        if (!tokens.IsEmpty)
        {
            AddCompletions(tokens[1..], (key * vocabularySize) + tokens[0], probability, result);
            return;
        }

        if (key >= TextCount)
        {
            result[key - TextCount] += probability;
            return;
        }

        var row = targetRow(key);
        for (var token = 0; token < vocabularySize; token++)
        {
            AddCompletions([], (key * vocabularySize) + token, probability * row[token], result);
        }
    }

    private readonly struct TargetRows(TreeEnumeration models, TokenTree tree) : ITargetRows
    {
        public TokenDistribution At(int node) => models.Target(tree, node);
    }
}
