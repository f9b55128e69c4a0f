using LlamaSpec.Drafting;
using LlamaSpec.Policies;
using LlamaSpec.Sampling;
using LlamaSpec.Scheduling;
using LlamaSpec.Tests.Fakes;

namespace LlamaSpec.Tests.Drafting;

/// <summary>Which trees are drafted, with how many decodes of how many rows, and what is left of them in the KV cache.</summary>
public class ModelDrafterTreeTests
{
    private const int VocabularySize = 12;

    private static readonly ManagedKernels Kernels = new();
    private static readonly SamplingOptions Warm = new() { Temperature = 0.9f, TopK = 0, TopP = 1, MinP = 0 };
    private static readonly DraftLimits Wide = new(Length: 8, Nodes: 32, Paths: 12);

    private MarkovModelRunner _model = null!;
    private ModelDrafter _drafter = null!;

    [TearDown]
    public void TearDown()
    {
        _drafter.Dispose();
        _model.Dispose();
    }

    [Test]
    public void WithOnePathTheMostLikelyTokensBesideTheMainPathAreLeaves()
    {
        Create(pathCount: 1);
        var seat = Seat(0, 1, 2, 3);
        var tree = Draft(seat, new TreePolicy(3, 4, 12)).Tree;

        // A pass for each layer, and no row more than a chain has.
        Assert.That(_model.DecodeCount, Is.EqualTo(4));
        Assert.That(_model.DecodedRows, Is.EqualTo(3 + 3));
        Assert.That(tree.Count, Is.EqualTo(12));
        Assert.That(tree.Depth, Is.EqualTo(4));
        Assert.That(tree.SampledCount, Is.Zero);

        // The chain comes first; behind it what was most valuable beside it.
        Assert.That(tree.Parents[..4].ToArray(), Is.EqualTo(new[] { -1, 0, 1, 2 }));
        var values = Values(seat, tree);
        var beside = AllSiblings(seat, tree, width: 3).OrderDescending().Take(8).ToArray();
        Assert.That(values[4..], Is.EqualTo(beside).Within(1e-6));
    }

    [Test]
    public void SeveralPathsGoOnFromSeveralNodesInOneDecode()
    {
        Create(pathCount: 3);
        var seat = Seat(0, 1, 2, 3);
        var tree = Draft(seat, new TreePolicy(3, 3, 12)).Tree;
        Assert.That(_model.DecodeCount, Is.EqualTo(3));
        Assert.That(_model.DecodedRows, Is.InRange(3 + 2 + 1, 3 + (2 * 3)));
        Assert.That(Enumerable.Range(0, tree.Count).Any(node => tree.FirstChild(node) >= 0 && !MainPath(tree).Contains(node)), Is.True, "A branch has children.");
        AssertProbabilities(seat, tree, SamplingOptions.Greedy);
    }

    [TestCase(1)]
    [TestCase(4)]
    public void AboveTemperatureZeroTheLikeliestAreCertainAndTheLastChildIsDrawnFromTheRest(int pathCount)
    {
        Create(pathCount);
        var seat = Seat(0, 1, 2, 3);
        var tree = Draft(seat, new TreePolicy(3, 4, 12), Warm, round: 5).Tree;
        var sampler = new Sampler(Kernels, VocabularySize);
        var sampled = 0;
        for (var node = 0; node < tree.Count; node++)
        {
            if (tree.IsSampled[node] == 0)
            {
                continue;
            }

            sampled++;
            var parent = tree.Parents[node];
            var q = new TokenDistribution(VocabularySize);
            var prefix = seat.Tokens.Prefix(tree, parent).ToArray();
            sampler.TryShape(_model.LogitsAfter(prefix), null, prefix, Warm, q, out _);
            foreach (var sibling in Children(tree, parent).Where(child => child != node))
            {
                Assert.That(tree.IsSampled[sibling], Is.Zero, "One child is drawn.");
                Assert.That(tree.Probabilities[sibling], Is.EqualTo(q[tree.Tokens[sibling]]));
                Assert.That(q.Weights.ToArray(), Has.All.LessThanOrEqualTo(q[tree.Tokens[sibling]]), "The certain ones are the likeliest.");
                q.Remove(tree.Tokens[sibling]);
            }

            q.TryNormalise(0);
            Assert.That(tree.Proposal(parent).Weights.ToArray(), Is.EqualTo(q.Weights.ToArray()).Within(1e-6f));
            Assert.That(tree.Tokens[node], Is.EqualTo(q.Sample(Kernels, CounterRandom.Uniform(DraftSeat.Seed, 5, node, DrawPurpose.Draft))));
        }

        Assert.That(sampled, Is.GreaterThan(1));
        Assert.That(tree.Count, Is.InRange(6, 12));
        Assert.That(tree.MayBranch, Is.True);
    }

    [Test]
    public void WhatIsLeftOfADistributionIsNotDrawnFromWhereItIsRounding()
    {
        var sharp = Enumerable.Range(0, VocabularySize).Select(static token => token == 4 ? 20f : 0f).ToArray();
        Create(pathCount: 1, [.. Enumerable.Repeat(sharp, (VocabularySize + 1) * (VocabularySize + 1))]);
        var tree = Draft(Seat(0, 1), new TreePolicy(2, 3, 6), Warm).Tree;
        Assert.That(tree.Tokens.ToArray(), Is.EqualTo(new[] { 4, 4, 4 }));
        Assert.That(tree.SampledCount, Is.Zero);
    }

    [Test]
    public void NothingIsDrawnBeforeThePolicyHasDecidedOnTheLayer([Values(1, 3)] int pathCount)
    {
        // A policy that wants no rows gets the drawn child that it said yes to, and nothing else.
        Create(pathCount);
        var policy = new AskingPolicy { Wanted = 0 };
        var tree = Draft(Seat(0, 1, 2), policy, Warm).Tree;
        Assert.That(tree.IsChain && tree.SampledCount == tree.Count && tree.Count == 4, Is.True);
        Assert.That(policy.Values.All(static values => values.Zip(values.Skip(1)).All(static pair => pair.First >= pair.Second)), Is.True);
        Assert.That(policy.Progress.Select(static progress => progress.NodeCount), Is.EqualTo(new[] { 0, 1, 2, 3 }));
        Assert.That(tree.MayBranch, Is.True, "Whether it is verified as a chain must not depend on what was drawn.");
    }

    [Test]
    public void TheChainIsDraftedAsWithoutTrees([Values] bool isGreedy)
    {
        Create(pathCount: 1);
        var sampling = isGreedy ? SamplingOptions.Greedy : Warm;
        var policy = new AskingPolicy { TreeWidth = 1 };
        var tree = Draft(Seat(0, 1, 2), policy, sampling).Tree;
        Assert.That(tree.MayBranch, Is.False);
        Assert.That(policy.Values, Is.Empty);
        Assert.That(tree.Tokens.ToArray(), Is.EqualTo(Seat(1, 1, 2).Draft(4, sampling)));
    }

    [Test]
    public void LimitsHold() => Property.Holds(random =>
    {
        Create(random.Next(1, 5));
        var limits = new DraftLimits(random.Next(1, 9), random.Next(1, 20), random.Next(1, 8));
        var seats = Enumerable.Range(0, 3).Select(slot => Seat(slot, [.. Enumerable.Range(0, random.Next(1, 5))])).ToArray();
        var policy = new AskingPolicy { TreeWidth = random.Next(1, 10), Wanted = random.Next(0, 9), Passes = random.Next(1, 10), WantsBranches = random.Next(3) > 0 };
        for (var round = 0; round < 5; round++)
        {
            var sampling = random.Next(2) == 0 ? SamplingOptions.Greedy : Warm;
            _drafter.Draft([.. seats.Select(seat => seat.Prepare(policy, sampling, round, limits: limits with { Nodes = Math.Max(limits.Nodes, limits.Length) }))]);
            foreach (var seat in seats)
            {
                var tree = seat.Job.Tree;
                Assert.That(tree.CountWithin(seat.Job.Limits), Is.EqualTo(tree.Count));
                Assert.That(tree.Count, Is.Positive);
                for (var node = TokenTree.Anchor; node < tree.Count; node++)
                {
                    Assert.That(Children(tree, node).Select(child => tree.Tokens[child]), Is.Unique);
                    Assert.That(Children(tree, node).Count(), Is.LessThanOrEqualTo(Math.Max(1, policy.TreeWidth)));
                }

                AssertProbabilities(seat, tree, sampling);
                var last = random.Next(-1, tree.Count);
                seat.EndRoundAt(last, random.Next(VocabularySize));
                AssertCells(seat);
            }
        }

        TearDown();
    }, count: 200);

    [Test]
    public void TheCellsOfAnAcceptedBranchAreKept()
    {
        Create(pathCount: 3);
        var seat = Seat(0, 1, 2, 3);
        var tree = Draft(seat, new TreePolicy(3, 3, 12)).Tree;
        var leaf = Enumerable.Range(0, tree.Count).First(node => tree.Depths[node] == 2 && !MainPath(tree).Contains(tree.Parents[node]));
        seat.EndRoundAt(leaf, nextToken: 9);

        // All but the leaf, which no pass went on from.
        Assert.That(_model.Cells(0), Is.EqualTo(seat.Tokens.Committed[..^2].ToArray()));
        var rows = _model.DecodedRows;
        seat.Draft(1);
        Assert.That(_model.DecodedRows - rows, Is.EqualTo(2));
    }

    [Test]
    public void AWarmRoundAllocatesNothing([Values(1, 3)] int pathCount, [Values] bool isGreedy)
    {
        Create(pathCount);
        var seat = Seat(0, 1, 2, 3);
        var policy = new TreePolicy(3, 4, 12);
        for (var round = 0; round < 30; round++)
        {
            DraftJob[] jobs = [seat.Prepare(policy, isGreedy ? SamplingOptions.Greedy : Warm, round, limits: Wide)];
            var before = GC.GetAllocatedBytesForCurrentThread();
            _drafter.Draft(jobs);
            Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, round < 10 ? Is.GreaterThanOrEqualTo(0) : Is.Zero);
            seat.EndRoundAt(Math.Min(round % 5, seat.Job.Tree.Count - 1), round % VocabularySize);
        }
    }

    [Test]
    public void AnAbortedPassLeavesNoBranch()
    {
        Create(pathCount: 3);
        var seat = Seat(0, 1, 2, 3);
        var passes = 0;
        _model.OnDecode = _ => passes++ == 2 ? LlamaSpec.Models.DecodeStatus.Aborted : null;
        Draft(seat, new TreePolicy(3, 4, 12));
        AssertCells(seat);
        _model.OnDecode = null;
        seat.EndRoundAt(TokenTree.Anchor, 5);
        Assert.That(Draft(seat, new TreePolicy(3, 4, 12)).Tree.Count, Is.EqualTo(12));
    }

    [Test]
    public void ANewRequestFindsNoBranchOfTheOneBefore()
    {
        Create(pathCount: 3);
        Draft(Seat(0, 1, 2, 3), new TreePolicy(3, 4, 12));
        _drafter.Begin(0, 2);
        Assert.That(_model.Cells(0), Is.EqualTo(new[] { 1, 2 }));
        Assert.That(Enumerable.Range(1, _model.SequenceCapacity - 1).Select(sequence => _model.SequenceLength(new(sequence))), Is.All.Zero);
    }

    [Test]
    public void WhatThePolicyThrowsIsKeptForItsRequest([Values("width", "step", "nodes", "branch")] string where)
    {
        Create(pathCount: 3);
        var seat = Seat(0, 1, 2);
        Draft(seat, new AskingPolicy { Throws = where });
        Assert.That(seat.Job.TakePolicyError()?.Message, Is.EqualTo(where));
    }

    private void Create(int pathCount, float[][]? table = null)
    {
        _model = table is null ? MarkovModelRunner.Random(VocabularySize, seed: 3, sequenceCount: 16) : new MarkovModelRunner(table, VocabularySize);
        _drafter = new ModelDrafter(_model, null, Kernels, pathCount);
    }

    private DraftSeat Seat(int slot, params int[] prompt) => new(_drafter, slot, VocabularySize, prompt);

    private DraftJob Draft(DraftSeat seat, IDraftLengthPolicy policy, SamplingOptions? sampling = null, long round = 0)
    {
        _drafter.Draft([seat.Prepare(policy, sampling, round, limits: Wide)]);
        return seat.Job;
    }

    // The slot's own sequence holds a prefix of the committed tokens, and no other sequence anything of the slot.
    private void AssertCells(DraftSeat seat)
    {
        var cells = _model.Cells(seat.Job.Slot);
        Assert.That(cells, Is.EqualTo(seat.Tokens.Committed[..cells.Count].ToArray()));
        if (seat.Job.Slot == 2)
        {
            Assert.That(Enumerable.Range(3, _model.SequenceCapacity - 3).Select(sequence => _model.SequenceLength(new(sequence))), Is.All.Zero);
        }
    }

    // Each certain node has the probability that the model gives it after its own path.
    private void AssertProbabilities(DraftSeat seat, TokenTree tree, SamplingOptions sampling)
    {
        for (var node = 0; node < tree.Count; node++)
        {
            if (tree.IsSampled[node] != 0)
            {
                Assert.That(tree.Probabilities[node], Is.EqualTo(tree.Proposal(tree.Parents[node])[tree.Tokens[node]]));
                continue;
            }

            var logits = _model.LogitsAfter(seat.Tokens.Prefix(tree, tree.Parents[node]));
            var inverse = sampling.IsGreedy ? 1 : 1 / sampling.Temperature;
            var total = logits.Sum(logit => Math.Exp(inverse * logit));
            Assert.That(tree.Probabilities[node], Is.EqualTo(Math.Exp(inverse * logits[tree.Tokens[node]]) / total).Within(1e-5));
        }
    }

    private static double[] Values(DraftSeat seat, TokenTree tree)
    {
        var values = new double[tree.Count];
        for (var node = 0; node < values.Length; node++)
        {
            values[node] = tree.Probabilities[node] * (tree.Parents[node] < 0 ? 1 : values[tree.Parents[node]]);
        }

        return values;
    }

    private IEnumerable<double> AllSiblings(DraftSeat seat, TokenTree tree, int width)
    {
        var value = 1.0;
        for (var parent = TokenTree.Anchor; parent < tree.Depth - 1; parent++)
        {
            value *= parent < 0 ? 1 : tree.Probabilities[parent];
            var logits = _model.LogitsAfter(seat.Tokens.Prefix(tree, parent));
            var total = logits.Sum(static logit => Math.Exp(logit));
            foreach (var logit in logits.OrderDescending().Skip(1).Take(width - 1))
            {
                yield return value * Math.Exp(logit) / total;
            }
        }
    }

    private static IEnumerable<int> Children(TokenTree tree, int node)
    {
        for (var child = tree.FirstChild(node); child >= 0; child = tree.NextSibling(child))
        {
            yield return child;
        }
    }

    private static int[] MainPath(TokenTree tree)
    {
        List<int> path = [];
        for (var node = tree.FirstChild(TokenTree.Anchor); node >= 0; node = tree.FirstChild(node))
        {
            path.Add(node);
        }

        return [.. path];
    }
}
