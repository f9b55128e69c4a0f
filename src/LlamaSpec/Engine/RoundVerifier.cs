using LlamaSpec.Drafting;
using LlamaSpec.Models;
using LlamaSpec.Policies;
using LlamaSpec.Sampling;
using LlamaSpec.Scheduling;
using LlamaSpec.Verification;

namespace LlamaSpec.Engine;

/// <summary>
/// Turns the target's logits rows of a round into an acceptance. Rounds whose logits nobody changes are verified together, in one
/// call of the kernels; the others, and chains above temperature 0 that a rule judges as a whole, one by one.
/// </summary>
internal sealed class RoundVerifier
{
    private readonly IModelRunner _target;
    private readonly IKernels _kernels;
    private readonly Sampler _sampler;
    private readonly VerificationRule _rule;
    private readonly DraftLimits _limits;
    private readonly TreeBatch _batch;
    private readonly double[] _logSumExps;
    private readonly double[] _entropies;
    private TokenDistribution[] _distributions = [];
    private TokenDistribution? _first;
    private TokenDistribution? _second;

    public RoundVerifier(IModelRunner target, IKernels kernels, VerificationRule rule, DraftLimits limits, int concurrentRequests)
    {
        _target = target;
        _kernels = kernels;
        _rule = rule;
        _limits = limits;
        _batch = new TreeBatch(concurrentRequests, concurrentRequests * limits.Nodes);
        _logSumExps = new double[limits.Nodes + 1];
        _entropies = new double[limits.Nodes + 1];
        _sampler = new Sampler(kernels, target.Model.VocabularySize);
    }

    /// <summary>Makes room for distributions. Called before the first request above temperature 0 starts.</summary>
    public void Reserve()
    {
        if (_first is null)
        {
            var vocabularySize = _target.Model.VocabularySize;
            ReserveRows(_limits.Length + 1);
            _first = new TokenDistribution(vocabularySize);
            _second = new TokenDistribution(vocabularySize);
        }
    }

    // Drawn trees need the rows of all nodes: made when the first one comes.
    private void ReserveRows(int count)
    {
        var known = _distributions.Length;
        if (known < count)
        {
            Array.Resize(ref _distributions, count);
            for (var i = known; i < count; i++)
            {
                _distributions[i] = new TokenDistribution(_target.Model.VocabularySize);
            }
        }
    }

    /// <summary>Verifies all rounds of a step that the kernels can, in one call; their entries get their acceptance.</summary>
    public void VerifyTogether(StepPlan plan)
    {
        _batch.Clear();
        foreach (var entry in plan.Entries)
        {
            entry.BatchIndex = -1;
            if (entry.HasRound && IsForKernels(entry.Request))
            {
                var request = entry.Request;
                entry.BatchIndex = _batch.Add(entry.Slot.Job.Tree, request.Sampling, request.Seed, request.Stats.Rounds, entry.FirstOutputRow);
            }
        }

        var logits = _batch.Count > 0 ? _target.LogitsBlock : default;
        if (logits.IsEmpty)
        {
            _batch.Clear();
            return;
        }

        _kernels.VerifyTrees(logits, _target.Model.VocabularySize, _batch);
    }

    /// <summary>Says what becomes of the draft of an entry; what is seen of it is left in its slot as evidence.</summary>
    /// <param name="entry">The entry; after <see cref="VerifyTogether"/>.</param>
    /// <param name="hasHiddenRows">Whether the decode gave hidden rows.</param>
    /// <exception cref="ModelFailureException">The target's logits are not numbers.</exception>
    public Acceptance Verify(StepEntry entry, bool hasHiddenRows)
    {
        Array.Fill(_logSumExps, double.NaN);
        var request = entry.Request;
        var evidence = entry.Slot.Evidence;
        evidence.Clear();
        var acceptance = entry.BatchIndex >= 0 && entry.BatchIndex < _batch.Count ? ReadVerdict(entry)
            : request.Sampling.IsGreedy ? VerifyGreedy(request, entry.AnchorRow)
            : JudgedAsAWhole.IsTree(entry.Slot.Job.Tree, _rule) ? VerifyDrawnTree(request, entry.AnchorRow)
            : JudgedAsAWhole.IsChain(entry.Slot.Job.Tree) ? VerifyChain(request, entry.AnchorRow)
            : VerifyTree(request, entry.AnchorRow);
        evidence.TargetEntropy = _entropies[acceptance.LastNode + 1];
        if (!JudgedAsAWhole.IsChain(entry.Slot.Job.Tree) || request.Sampling.IsGreedy)
        {
            AddTests(entry.Slot.Job.Tree, acceptance, evidence);
        }

        if (hasHiddenRows && request.PolicyWants(PolicyNeeds.HiddenRow))
        {
            evidence.Keep(_target.HiddenRow(entry.AnchorRow + 1 + acceptance.LastNode));
        }

        return acceptance;
    }

    /// <summary>
    /// Natural logarithm of a token's probability under the target's unmodified logits, after a node of the round that was
    /// verified last.
    /// </summary>
    public float LogProbability(int anchorRow, int node, int token)
    {
        var logits = _target.LogitsRow(anchorRow + 1 + node);
        if (double.IsNaN(_logSumExps[node + 1]) && _kernels.TryRowStatistics(logits, 1f, [], [], out var statistics))
        {
            _logSumExps[node + 1] = statistics.LogSumExp;
        }

        return (float)(logits[token] - _logSumExps[node + 1]);
    }

    private bool IsForKernels(Request request) =>
        !request.Sampling.ChangesLogits
        && (request.Sampling.IsGreedy || !(JudgedAsAWhole.IsChain(request.Slot!.Job.Tree) || JudgedAsAWhole.IsTree(request.Slot.Job.Tree, _rule)));

    private Acceptance ReadVerdict(StepEntry entry)
    {
        var acceptance = _batch.Verdicts[entry.BatchIndex].ToAcceptance();
        ThrowIfInvalid(acceptance.NextToken >= 0, entry.Request);
        for (var node = acceptance.LastNode; ; node = entry.Slot.Job.Tree.Parents[node])
        {
            var statistics = _batch.Statistics[_batch.State(entry.BatchIndex, node)];
            _entropies[node + 1] = statistics.Entropy;
            _logSumExps[node + 1] = entry.Request.Sampling.InverseTemperature == 1 ? statistics.LogSumExp : double.NaN;
            if (node < 0)
            {
                return acceptance;
            }
        }
    }

    private Acceptance VerifyGreedy(Request request, int anchorRow)
    {
        var slot = request.Slot!;
        var tree = slot.Job.Tree;
        var node = TokenTree.Anchor;
        for (var accepted = 0; ; accepted++)
        {
            var best = _sampler.ArgMax(_target.LogitsRow(anchorRow + 1 + node), null, slot.Tokens.Prefix(tree, node), request.Sampling, out var statistics);
            ThrowIfInvalid(best >= 0, request);
            if (!request.Sampling.ChangesLogits)
            {
                // The sweep that found the token also gave what its log-probability needs.
                _logSumExps[node + 1] = statistics.LogSumExp;
            }

            _entropies[node + 1] = statistics.Entropy;
            var child = tree.Child(node, best);
            if (child < 0)
            {
                return new Acceptance(accepted, best, tree.FirstChild(node) < 0 ? NextTokenKind.Bonus : NextTokenKind.Correction, node);
            }

            node = child;
        }
    }

    private Acceptance VerifyChain(Request request, int anchorRow)
    {
        var tree = request.Slot!.Job.Tree;
        var count = tree.SampledCount;
        for (var node = TokenTree.Anchor; node < count; node++)
        {
            Shape(request, anchorRow, node, _distributions[node + 1]);
        }

        var draws = new RandomDraws(_kernels, request.Seed, request.Stats.Rounds);
        var draft = tree.Proposals(count);
        var target = _distributions.AsSpan(0, count + 1);
        var acceptance = _rule == VerificationRule.Block
            ? BlockVerifier.Verify(tree.Tokens[..count], draft, target, _first!, _kernels, ref draws)
            : ChainVerifier.Verify(tree.Tokens[..count], draft, target, _first!, _kernels, ref draws);
        if (request.PolicyWants(PolicyNeeds.AcceptanceProbabilities))
        {
            var evidence = request.Slot.Evidence;
            for (var i = 0; i < Math.Min(acceptance.AcceptedCount + 1, count); i++)
            {
                // What the residual does not hold is what both distributions have in common.
                evidence.Add(Math.Clamp(1 - ResidualDistribution.Compute(target[i], 1, draft[i], _first!, _kernels), 0, 1));
            }
        }

        return acceptance.AcceptedCount == count ? FollowCertainEnd(request, anchorRow, acceptance, ref draws) : acceptance;
    }

    // Behind a chain that was accepted as a whole: the bonus token may be the next one of the draft, and so on.
    private Acceptance FollowCertainEnd(Request request, int anchorRow, Acceptance acceptance, ref RandomDraws draws)
    {
        var tree = request.Slot!.Job.Tree;
        while (tree.FirstChild(acceptance.LastNode) >= 0)
        {
            var child = tree.CertainChild(acceptance.LastNode, acceptance.NextToken);
            request.Slot.Evidence.Add(child >= 0 ? 1 : 0);
            if (child < 0)
            {
                return acceptance with { Kind = NextTokenKind.Correction };
            }

            Shape(request, anchorRow, child, _distributions[0]);
            acceptance = new Acceptance(acceptance.AcceptedCount + 1, draws.Sample(child + 1, _distributions[0]), NextTokenKind.Bonus, child);
        }

        return acceptance;
    }

    private Acceptance VerifyDrawnTree(Request request, int anchorRow)
    {
        var tree = request.Slot!.Job.Tree;
        ReserveRows(tree.Count + 2);
        for (var node = TokenTree.Anchor; node < tree.Count; node++)
        {
            Shape(request, anchorRow, node, _distributions[node + 1]);
        }

        var draws = new RandomDraws(_kernels, request.Seed, request.Stats.Rounds);
        return TraversalVerifier.Verify(tree, _distributions.AsSpan(0, tree.Count + 2), _kernels, ref draws);
    }

    private Acceptance VerifyTree(Request request, int anchorRow)
    {
        var draws = new RandomDraws(_kernels, request.Seed, request.Stats.Rounds);
        var rows = new Rows(this, request, anchorRow);
        return TreeVerifier.Verify(request.Slot!.Job.Tree, ref rows, (_first!, _second!), _kernels, ref draws);
    }

    private void Shape(Request request, int anchorRow, int node, TokenDistribution distribution)
    {
        var slot = request.Slot!;
        var isValid = _sampler.TryShape(
            _target.LogitsRow(anchorRow + 1 + node), null, slot.Tokens.Prefix(slot.Job.Tree, node), request.Sampling, distribution, out var statistics);
        ThrowIfInvalid(isValid, request);
        _entropies[node + 1] = statistics.Entropy;
    }

    // Of each node on the way that has children: whether the walk went on to one of them.
    private static void AddTests(TokenTree tree, in Acceptance acceptance, RoundEvidence evidence)
    {
        for (var i = 0; i < acceptance.AcceptedCount; i++)
        {
            evidence.Add(1);
        }

        if (tree.FirstChild(acceptance.LastNode) >= 0)
        {
            evidence.Add(0);
        }
    }

    private static void ThrowIfInvalid(bool isValid, Request request)
    {
        if (!isValid)
        {
            throw new ModelFailureException(request.Sampling.LogitBias.Count > 0
                ? "No token is left to choose: the logit biases ban or overflow them all. Relax LogitBias."
                : "The target's logits are not numbers. The model file may be damaged: check its hash, or load it on another backend.");
        }
    }

    private readonly struct Rows(RoundVerifier owner, Request request, int anchorRow) : ITargetRows
    {
        public TokenDistribution At(int node)
        {
            owner.Shape(request, anchorRow, node, owner._distributions[0]);
            return owner._distributions[0];
        }
    }
}
