using LlamaSpec.Drafting;
using LlamaSpec.Sampling;
using LlamaSpec.Tests.Drafting;
using LlamaSpec.Verification;

namespace LlamaSpec.Tests.Verification;

/// <summary>The batch and its managed verification: <see cref="ManagedKernels.VerifyTrees"/>.</summary>
public class TreeBatchTests
{
    private const int VocabularySize = 12;
    private const int NodeCapacity = 16;
    private const int RequestCount = 5;

    private static readonly ManagedKernels Kernels = new();
    private static readonly SamplingOptions Plain = new() { Temperature = 1, TopK = 0, TopP = 1, MinP = 0 };
    private static readonly SamplingOptions[] Samplings = [Plain, SamplingOptions.Greedy, new() { Temperature = 0.7f, TopK = 5 }, new() { Temperature = 1.3f }];

    [Test]
    public void ARequestGetsInABatchWhatItGetsAlone() => Property.Holds(random =>
    {
        var requests = Requests(random);
        var together = Verify(requests);
        for (var i = 0; i < requests.Length; i++)
        {
            var alone = Verify(requests[i]);
            Assert.That(together.Verdicts[i], Is.EqualTo(alone.Verdicts[0]));
            foreach (var node in Path(requests[i].Tree(), alone.Verdicts[0].LastNode))
            {
                Assert.That(together.Statistics[together.State(i, node)], Is.EqualTo(alone.Statistics[alone.State(0, node)]));
            }
        }
    });

    [Test]
    public void AUsedBatchIsLikeANewOne() => Property.Holds(random =>
    {
        var batch = Verify(Requests(random));
        batch.Clear();
        Assert.That((batch.Count, batch.Tokens.Length, batch.NextUniforms.Length), Is.EqualTo((0, 0, 0)));
        var requests = Requests(random);
        Assert.That(Verify(batch, requests).Verdicts.ToArray(), Is.EqualTo(Verify(requests).Verdicts.ToArray()));
    });

    [Test]
    public void ChanceIsThatOfRandomDrawsForTheSameSeedAndRound() => Property.Holds(random =>
    {
        var requests = Requests(random).Where(static request => !request.Sampling.IsGreedy).ToArray();
        var batch = Verify(requests);
        for (var i = 0; i < requests.Length; i++)
        {
            var request = requests[i];
            var rows = new SampledRows(request);
            var draws = new RandomDraws(Kernels, request.Seed, request.Round);
            var scratch = (new TokenDistribution(VocabularySize), new TokenDistribution(VocabularySize));
            var expected = TreeVerifier.Verify(request.Tree(), ref rows, scratch, Kernels, ref draws);
            Assert.That(batch.Verdicts[i].ToAcceptance(), Is.EqualTo(expected));
        }
    });

    [Test]
    public void ASampledChainIsVerifiedAsByTheTokenRule() => Property.Holds(random =>
    {
        var seed = random.Next();
        var request = new TreeCase(random, Plain, () => RandomTrees.DraftChain(new Random(seed), VocabularySize, 6));
        var tree = request.Tree();
        var rows = new SampledRows(request);
        var target = Enumerable.Range(-1, 7).Select(node => rows.Fresh(node)).ToArray();
        var draws = new RandomDraws(Kernels, request.Seed, request.Round);
        var expected = ChainVerifier.Verify(tree.Tokens, tree.Proposals(6), target, new TokenDistribution(VocabularySize), Kernels, ref draws);
        Assert.That(Verify(request).Verdicts[0].ToAcceptance(), Is.EqualTo(expected));
    });

    [Test]
    public void EveryStateAndNodeHasChanceOfItsOwn() => Property.Holds(random =>
    {
        var requests = Requests(random);
        var batch = Verify(requests);
        var nextState = 0;
        for (var i = 0; i < requests.Length; i++)
        {
            for (var node = TokenTree.Anchor; node < batch.Requests[i].NodeCount; node++)
            {
                Assert.That(batch.State(i, node), Is.EqualTo(nextState++));
                if (!requests[i].Sampling.IsGreedy)
                {
                    AssertChance(batch, i, node, requests[i]);
                }
            }
        }

        Assert.That((batch.NextUniforms.Length, batch.Statistics.Length), Is.EqualTo((nextState, nextState)));
    });

    [Test]
    public void AtTemperatureZeroTheLargestLogitsAreFollowed() => Property.Holds(random =>
    {
        var request = new TreeCase(random, SamplingOptions.Greedy, NodeCapacity);
        var tree = request.Tree();
        var verdict = Verify(request).Verdicts[0];
        var node = TokenTree.Anchor;
        var accepted = 0;
        while (Enumerable.Range(0, tree.Count).Where(child => tree.Parents[child] == node && tree.Tokens[child] == request.ArgMax(node)).ToArray() is [var child, ..])
        {
            node = child;
            accepted++;
        }

        var kind = tree.Parents.Contains(node) ? NextTokenKind.Correction : NextTokenKind.Bonus;
        Assert.That(verdict.ToAcceptance(), Is.EqualTo(new Acceptance(accepted, request.ArgMax(node), kind, node)));
    });

    [Test]
    public void VisitedStatesHaveTheirRowsStatistics() => Property.Holds(random =>
    {
        var requests = Requests(random);
        var batch = Verify(requests);
        for (var i = 0; i < requests.Length; i++)
        {
            var inverseTemperature = requests[i].Sampling.IsGreedy ? 1 : 1 / requests[i].Sampling.Temperature;
            foreach (var node in Path(requests[i].Tree(), batch.Verdicts[i].LastNode))
            {
                Kernels.TryRowStatistics(requests[i].Row(node), inverseTemperature, [], [], out var expected);
                Assert.That(batch.Statistics[batch.State(i, node)], Is.EqualTo(expected));
            }
        }
    });

    [Test]
    public void ABrokenRowFailsItsOwnRequestOnlyAndOnlyWhenItIsReached() => Property.Holds(random =>
    {
        var requests = Requests(random);
        var whole = Verify(requests).Verdicts.ToArray();
        var broken = random.Next(requests.Length);
        var path = Path(requests[broken].Tree(), whole[broken].LastNode);
        var node = random.Next(-1, requests[broken].Tree().Count);
        requests[broken].Row(node).Fill(float.NaN);
        var verdicts = Verify(requests).Verdicts.ToArray();
        if (path.Contains(node))
        {
            Assert.That((verdicts[broken].NextToken, verdicts[broken].LastNode), Is.EqualTo((-1, node)));
            Assert.That(verdicts[broken].AcceptedCount, Is.EqualTo(path.Count - 1 - path.IndexOf(node)));
            verdicts[broken] = whole[broken];
        }

        Assert.That(verdicts, Is.EqualTo(whole));
    });

    private static void AssertChance(TreeBatch batch, int request, int node, TreeCase expected)
    {
        Assert.That(
            batch.NextUniforms[batch.State(request, node)],
            Is.EqualTo(CounterRandom.Uniform(expected.Seed, expected.Round, node + 1, DrawPurpose.Next)));
        if (node >= 0)
        {
            Assert.That(
                batch.AcceptUniforms[batch.Requests[request].FirstNode + node],
                Is.EqualTo(CounterRandom.Uniform(expected.Seed, expected.Round, node, DrawPurpose.Accept)));
        }
    }

    private static TreeCase[] Requests(Random random) =>
        [.. Enumerable.Range(0, RequestCount).Select(i => new TreeCase(random, Samplings[i % Samplings.Length], NodeCapacity))];

    private static TreeBatch Verify(params TreeCase[] requests) => Verify(new TreeBatch(RequestCount, RequestCount * NodeCapacity), requests);

    // The rows of a request follow the rows of one that is added after it, so that no order is taken for granted.
    private static TreeBatch Verify(TreeBatch batch, TreeCase[] requests)
    {
        List<float> logits = [];
        var firstRows = new int[requests.Length];
        for (var i = requests.Length - 1; i >= 0; i--)
        {
            firstRows[i] = logits.Count / VocabularySize;
            logits.AddRange(requests[i].Logits);
        }

        for (var i = 0; i < requests.Length; i++)
        {
            Assert.That(batch.Add(requests[i].Tree(), requests[i].Sampling, requests[i].Seed, requests[i].Round, firstRows[i]), Is.EqualTo(i));
        }

        Kernels.VerifyTrees(logits.ToArray(), VocabularySize, batch);
        return batch;
    }

    // From the last node up to the anchor token.
    private static List<int> Path(TokenTree tree, int node)
    {
        List<int> path = [node];
        while (node >= 0)
        {
            path.Add(node = tree.Parents[node]);
        }

        return path;
    }

    private readonly struct SampledRows(TreeCase request) : ITargetRows
    {
        private readonly Sampler _sampler = new(Kernels, VocabularySize);
        private readonly TokenDistribution _target = new(VocabularySize);

        public TokenDistribution At(int node) => Shape(node, _target);

        public TokenDistribution Fresh(int node) => Shape(node, new TokenDistribution(VocabularySize));

        private TokenDistribution Shape(int node, TokenDistribution distribution)
        {
            Assert.That(_sampler.TryShape(request.Row(node), null, [], request.Sampling, distribution, out _));
            return distribution;
        }
    }
}
