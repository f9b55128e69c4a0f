using LlamaSpec.Drafting;
using LlamaSpec.Sampling;
using LlamaSpec.Tests.Drafting;
using LlamaSpec.Verification;

namespace LlamaSpec.Tests.Verification;

public class TraversalVerifierTests
{
    private const int VocabularySize = 12;

    private static readonly ManagedKernels Kernels = new();

    [Test]
    public void AChainIsVerifiedAsABlock() => Property.Holds(random =>
    {
        var (seed, length) = (random.Next(), random.Next(1, 12));
        var target = Rows(random, length + 2);
        var draws = new RandomDraws(Kernels, (ulong)random.NextInt64(), random.NextInt64());
        var tree = RandomTrees.DraftChain(new Random(seed), VocabularySize, length);
        var expected = BlockVerifier.Verify(
            tree.Tokens, tree.Proposals(length), target.AsSpan(0, length + 1), new TokenDistribution(VocabularySize), Kernels, ref draws);
        Assert.That(TraversalVerifier.Verify(tree, target, Kernels, ref draws), Is.EqualTo(expected));
    });

    [Test]
    public void AnEmptyTreeGetsATokenOfTheTarget()
    {
        var target = Rows(new Random(1), 2);
        var draws = new RandomDraws(Kernels, 1, 1);
        var expected = new Acceptance(0, draws.Sample(0, target[0]), NextTokenKind.Bonus);
        Assert.That(TraversalVerifier.Verify(new TokenTree(1, VocabularySize), target, Kernels, ref draws), Is.EqualTo(expected));
    }

    [Test]
    public void TheLargestTreeIsVerifiedWithoutAllocationAndLosesNoDistribution()
    {
        const int Count = TraversalVerifier.MaximumNodeCount;
        TokenTree[] trees = [.. Enumerable.Range(1, 2).Select(static seed => RandomTrees.DraftChain(new Random(seed), VocabularySize, Count))];
        TokenDistribution[][] targets = [Rows(new Random(3), Count + 2), Rows(new Random(4), Count + 2)];
        var known = targets[1].ToHashSet();
        var draws = new RandomDraws(Kernels, 1, 1);
        TraversalVerifier.Verify(trees[0], targets[0], Kernels, ref draws);
        var before = GC.GetAllocatedBytesForCurrentThread();
        TraversalVerifier.Verify(trees[1], targets[1], Kernels, ref draws);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
        Assert.That(known.SetEquals(targets[1]));
    }

    [Test]
    public void EqualModelsAcceptTheFirstPath([Range(1, 4)] int seed)
    {
        var row = EnumeratedRows.Seeded(seed, 3, EnumeratedRows.DyadicRow);
        var models = new TreeEnumeration(3, 2, row, row, isDense: false);
        Assert.That(models.MeanAccepted(TreeGrowth.LevelByLevel(TreePlans.Sampled(2)), TreeEnumeration.Traversal), Is.EqualTo(2).Within(1e-12));
    }

    [Test]
    public void DisjointModelsAcceptNothingAndStayExact()
    {
        var models = new TreeEnumeration(4, 2, _ => [0.5, 0.5, 0, 0], _ => [0, 0, 0.25, 0.75], isDense: false);
        var committed = models.Committed(TreeGrowth.LevelByLevel(TreePlans.Sampled(2)), TreeEnumeration.Traversal, out var accepted);
        Assert.That(accepted, Is.Zero);
        Assert.That(ChainEnumeration.TotalVariation(committed, models.Expected()), Is.LessThan(1e-12));
    }

    private static TokenDistribution[] Rows(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ =>
    {
        var row = new TokenDistribution(VocabularySize);
        EnumeratedRows.ArbitraryRow(random, VocabularySize).Select(static weight => (float)weight).ToArray().CopyTo(row.OverwriteAll());
        return row;
    })];
}
