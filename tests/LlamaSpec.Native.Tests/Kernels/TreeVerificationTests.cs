using LlamaSpec.Drafting;
using LlamaSpec.Native.Kernels;
using LlamaSpec.Sampling;
using LlamaSpec.Verification;

namespace LlamaSpec.Native.Tests.Kernels;

/// <summary>Verification of trees in every instruction set of this processor against the managed specification.</summary>
[NonParallelizable] // the choice of instruction set is process-wide
[TestFixtureSource(typeof(InstructionSets), nameof(InstructionSets.OfTheArchitecture))]
public class TreeVerificationTests(int instructions)
{
    private readonly ManagedKernels _managed = new();
    private readonly NativeKernels _native = new();

    [OneTimeSetUp]
    public void ChooseInstructions() =>
        Assume.That(NativeKernels.TryChooseInstructions(instructions), Is.True, "This processor lacks the instruction set.");

    [OneTimeTearDown]
    public void ChooseBestInstructions() => NativeKernels.TryChooseInstructions(-1);

    [Test]
    public void VerdictsAreThoseOfTheManagedKernels([Values] TreeKind kind, [Values(2, 5, 64, 1500)] int vocabularySize)
    {
        var (requestCount, accepted) = (0, 0);
        var different = new List<string>();
        for (var seed = 0; seed < (vocabularySize > 1000 ? 20 : 100); seed++)
        {
            var (seen, wanted) = (new RandomTreeBatch(kind, vocabularySize, seed), new RandomTreeBatch(kind, vocabularySize, seed));
            _native.VerifyTrees(seen.Logits, vocabularySize, seen.Batch);
            _managed.VerifyTrees(wanted.Logits, vocabularySize, wanted.Batch);
            for (var request = 0; request < seen.Batch.Count; request++)
            {
                requestCount++;
                accepted += wanted.Batch.Verdicts[request].AcceptedCount;
                if (seen.Batch.Verdicts[request] != wanted.Batch.Verdicts[request])
                {
                    different.Add($"seed {seed}, request {request}: {seen.Batch.Verdicts[request]}, wanted {wanted.Batch.Verdicts[request]}");
                    continue;
                }

                AssertSameStatistics(seen, wanted, request);
                AssertSameProposals(seen.Trees[request], wanted.Trees[request]);
            }
        }

        // A draw may fall on the border between two tokens, within the rounding of either side.
        Assert.That(different, Has.Count.LessThanOrEqualTo(requestCount / 200), () => string.Join(Environment.NewLine, different));
        Assert.That(accepted, kind == TreeKind.NoDraft ? Is.Zero : Is.GreaterThan(requestCount / 20), "Trees must be followed for the test to mean something.");
    }

    [Test]
    public void AnInvalidRowCostsItsRequestTheTokenAndNoOther([Values] TreeKind kind)
    {
        for (var seed = 0; seed < 30; seed++)
        {
            var (seen, wanted) = (new RandomTreeBatch(kind, 40, seed), new RandomTreeBatch(kind, 40, seed));
            var spoiled = seed % seen.Batch.Count;
            var node = seen.Trees[spoiled].Count > 0 && seed % 2 == 0 ? 0 : TokenTree.Anchor;
            seen.Logit(spoiled, node, 7) = wanted.Logit(spoiled, node, 7) = seed % 3 == 0 ? float.PositiveInfinity : float.NaN;

            _native.VerifyTrees(seen.Logits, 40, seen.Batch);
            _managed.VerifyTrees(wanted.Logits, 40, wanted.Batch);

            Assert.That(seen.Batch.Verdicts.ToArray(), Is.EqualTo(wanted.Batch.Verdicts.ToArray()));
            var isVisited = node == TokenTree.Anchor;
            Assert.That(seen.Batch.Verdicts[spoiled].NextToken, isVisited ? Is.EqualTo(-1) : Is.GreaterThanOrEqualTo(-1));
            Assert.That(seen.Batch.Verdicts.ToArray().Where((_, request) => request != spoiled).Select(verdict => verdict.NextToken), Has.All.GreaterThanOrEqualTo(0));
        }
    }

    [Test]
    public void MissingRowsAreRefusedWithAMessage()
    {
        var trees = new RandomTreeBatch(TreeKind.Chain, 16, 1);

        Assert.That(
            () => _native.VerifyTrees(trees.Logits.AsSpan(16), 16, trees.Batch),
            Throws.InvalidOperationException.With.Message.Contains("first_row"));
        Assert.That(() => _native.VerifyTrees(trees.Logits, 0, trees.Batch), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => _native.VerifyTrees(trees.Logits, 16, null!), Throws.ArgumentNullException);
    }

    [Test]
    public void AnEmptyBatchIsFine() => Assert.That(() => _native.VerifyTrees([], 16, new TreeBatch(1, 1)), Throws.Nothing);

    [Test]
    public void NoCallAllocates()
    {
        var trees = new RandomTreeBatch(TreeKind.Mixed, 2000, 5);
        _native.VerifyTrees(trees.Logits, 2000, trees.Batch);

        var before = GC.GetAllocatedBytesForCurrentThread();
        _native.VerifyTrees(trees.Logits, 2000, trees.Batch);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    [Test]
    public void ManyRowsHaveTheStatisticsOfEach()
    {
        var trees = new RandomTreeBatch(TreeKind.Hybrid, 1500, 3);
        trees.Logit(0, TokenTree.Anchor, 3) = float.NaN;
        var statistics = new RowStatistics[trees.Logits.Length / 1500];
        var isValid = new byte[statistics.Length];

        NativeKernels.RowsStatistics(trees.Logits, 0.7f, statistics, isValid);

        for (var row = 0; row < statistics.Length; row++)
        {
            var wanted = _native.TryRowStatistics(trees.Logits.AsSpan(row * 1500, 1500), 0.7f, [], [], out var one);
            Assert.That(isValid[row], Is.EqualTo(wanted ? 1 : 0));
            Assert.That(!wanted || statistics[row] == one, Is.True);
        }

        Assert.That(isValid[0], Is.Zero);
        Assert.That(() => NativeKernels.RowsStatistics(trees.Logits, 0.7f, statistics, isValid.AsSpan(1)), Throws.ArgumentException);
    }

    [Test]
    public void AncestorMasksAreThePathsOfTheTree()
    {
        var tree = new RandomTreeBatch(TreeKind.Mixed, 64, 11).Trees.MaxBy(tree => tree.Depth)!;
        var masks = new ulong[tree.Count];

        NativeKernels.AncestorMasks(tree.Parents, masks);

        Assert.That(tree.Depth, Is.GreaterThan(1));
        for (var node = 0; node < tree.Count; node++)
        {
            var path = 0UL;
            for (var ancestor = node; ancestor >= 0; ancestor = tree.Parents[ancestor])
            {
                path |= 1UL << ancestor;
            }

            Assert.That(masks[node], Is.EqualTo(path));
        }

        Assert.That(() => NativeKernels.AncestorMasks(new int[65], new ulong[65]), Throws.InvalidOperationException.With.Message.Contains("node_count"));
    }

    // States that were not visited have no statistics in either.
    private static void AssertSameStatistics(RandomTreeBatch seen, RandomTreeBatch wanted, int request)
    {
        for (var node = TokenTree.Anchor; node < seen.Trees[request].Count; node++)
        {
            var (a, b) = (seen.Batch.Statistics[seen.Batch.State(request, node)], wanted.Batch.Statistics[wanted.Batch.State(request, node)]);
            Assert.That((a.ArgMax, a.Maximum), Is.EqualTo((b.ArgMax, b.Maximum)));
            Assert.That(a.LogSumExp, Is.EqualTo(b.LogSumExp).Within(2e-6 + (1e-12 * Math.Abs(b.LogSumExp))));
            Assert.That(a.Entropy, Is.EqualTo(b.Entropy).Within((1e-5 * b.Entropy) + 1e-20));
        }
    }

    private static void AssertSameProposals(TokenTree seen, TokenTree wanted)
    {
        for (var node = TokenTree.Anchor; node < seen.Count - 1; node++)
        {
            Assert.That(seen.Proposal(node).Weights.SequenceEqual(wanted.Proposal(node).Weights), Is.True, "Tested tokens lose their weight, no others.");
        }
    }
}
