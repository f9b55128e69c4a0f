using LlamaSpec.Drafting;
using LlamaSpec.Sampling;

namespace LlamaSpec.Tests.Drafting;

/// <summary>Trees of any shape, drafted as the verifiers expect them.</summary>
internal static class RandomTrees
{
    /// <summary>A tree of at most so many nodes, each with up to two certain children and up to two sampled ones.</summary>
    public static TokenTree Draft(Random random, int vocabularySize, int capacity)
    {
        var tree = new TokenTree(capacity, vocabularySize);
        tree.Reserve();
        var wanted = random.Next(capacity + 1);
        for (var node = TokenTree.Anchor; node < tree.Count && tree.Count < wanted; node++)
        {
            var order = Enumerable.Range(0, vocabularySize).ToArray();
            random.Shuffle(order);
            var certainCount = Math.Min(random.Next(3), wanted - tree.Count);
            foreach (var token in order.Take(certainCount))
            {
                tree.Add(node, token, random.NextSingle(), isSampled: false);
            }

            DrawChildren(random, tree, node, order[certainCount..], Math.Min(random.Next(3), wanted - tree.Count));
        }

        return tree;
    }

    /// <summary>A chain of sampled tokens.</summary>
    public static TokenTree DraftChain(Random random, int vocabularySize, int length)
    {
        var tree = new TokenTree(length, vocabularySize);
        tree.Reserve();
        for (var node = TokenTree.Anchor; node < length - 1; node++)
        {
            DrawChildren(random, tree, node, [.. Enumerable.Range(0, vocabularySize)], 1);
        }

        return tree;
    }

    private static void DrawChildren(Random random, TokenTree tree, int node, int[] tokens, int count)
    {
        if (count == 0)
        {
            return;
        }

        var weights = tokens.ToDictionary(token => token, _ => random.NextSingle() + 0.01f);
        var total = weights.Values.Sum();
        var proposal = tree.Proposal(node);
        proposal.Clear();
        foreach (var (token, weight) in weights)
        {
            proposal.Add(token, weight / total);
        }

        for (var i = 0; i < count; i++)
        {
            var threshold = random.NextDouble() * weights.Values.Sum();
            var token = weights.First(entry => (threshold -= entry.Value) < 0 || entry.Key == weights.Last().Key).Key;
            weights.Remove(token);
            tree.Add(node, token, proposal[token], isSampled: true);
        }
    }
}
