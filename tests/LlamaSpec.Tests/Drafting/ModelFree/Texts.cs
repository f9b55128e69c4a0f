using LlamaSpec.Drafting;
using LlamaSpec.Drafting.ModelFree;

namespace LlamaSpec.Tests.Drafting.ModelFree;

/// <summary>Small texts, and what a drafter makes of them.</summary>
internal static class Texts
{
    public const int Vocabulary = 64;

    /// <summary>Each letter is a token; 'a' is 0.</summary>
    public static int[] Tokens(string text) => [.. text.Select(static letter => letter - 'a')];

    /// <summary>Tokens drawn from an alphabet of one to four.</summary>
    public static int[] Draw(Random random, int maximumLength)
    {
        var letters = random.Next(1, 5);
        return [.. Enumerable.Range(0, random.Next(maximumLength + 1)).Select(_ => random.Next(letters))];
    }

    /// <summary>The tree that a drafter proposes after the anchor token.</summary>
    public static TokenTree Propose(this IModelFreeDrafter drafter, int maximumDepth, string pending = "", int capacity = 64)
    {
        var tree = new TokenTree(capacity, Vocabulary);
        drafter.Propose(Tokens(pending), tree, TokenTree.Anchor, maximumDepth);
        return tree;
    }

    /// <summary>Bytes that a hundred warm rounds allocate; each is told its number.</summary>
    public static long AllocatedByWarmRounds(Action<int> round)
    {
        // The runtime allocates now and then while it compiles the code anew; what allocates by itself does so every time.
        var least = long.MaxValue;
        for (var turn = 0; turn < 3; turn++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 100; i++)
            {
                round(i);
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }

    /// <summary>A chain as letters.</summary>
    public static string Letters(this TokenTree tree) => string.Concat(tree.Tokens.ToArray().Select(static token => (char)('a' + token)));

    /// <summary>Every path of a tree from the anchor token to a leaf, as letters.</summary>
    public static string[] Paths(this TokenTree tree)
    {
        var prefixes = new string[tree.Count];
        for (var node = 0; node < tree.Count; node++)
        {
            var parent = tree.Parents[node];
            prefixes[node] = (parent < 0 ? string.Empty : prefixes[parent]) + (char)('a' + tree.Tokens[node]);
        }

        return [.. Enumerable.Range(0, tree.Count).Where(node => tree.FirstChild(node) < 0).Select(node => prefixes[node])];
    }
}
