using static LlamaSpec.Tests.Verification.EnumeratedRows;

namespace LlamaSpec.Tests.Verification;

/// <summary>Pairs of models to enumerate.</summary>
internal static class TreePairs
{
    /// <summary>
    /// Every float32 on the way is exact, with up to so many rejections at a node. Every third draft lacks a token after each prefix.
    /// </summary>
    public static TreeEnumeration Dyadic(int vocabularySize, int depth, int seed, int rejections)
    {
        var draft = Seeded(seed + 1000, vocabularySize, seed % 3 == 0 ? PowerOfTwoRowWithAGap : PowerOfTwoRow);
        Dictionary<int, double[]> rows = [];
        return new(
            vocabularySize, depth,
            key => rows.TryGetValue(key, out var known) ? known : rows[key] = DyadicRowFor(draft(key), rejections, new Random((seed * 7919) + key)),
            draft, isDense: seed % 2 == 0);
    }

    /// <summary>Any probabilities.</summary>
    public static TreeEnumeration Arbitrary(int vocabularySize, int depth, int seed) =>
        new(vocabularySize, depth, Seeded(seed, vocabularySize, ArbitraryRow), Seeded(seed + 1000, vocabularySize, ArbitraryRow), isDense: seed % 2 == 0);
}
