using LlamaSpec.Models;
using LlamaSpec.Policies;
using LlamaSpec.Sampling;
using LlamaSpec.Scheduling;
using LlamaSpec.Verification;

namespace LlamaSpec.Engine;

/// <summary>Turns the target's logits rows of one round into an acceptance.</summary>
internal sealed class RoundVerifier
{
    private readonly IModelRunner _target;
    private readonly IKernels _kernels;
    private readonly Sampler _sampler;
    private readonly VerificationRule _rule;
    private readonly int _rowCount;
    private readonly double[] _logSumExps;
    private readonly double[] _entropies;
    private TokenDistribution[] _distributions = [];
    private TokenDistribution? _residual;

    public RoundVerifier(IModelRunner target, IKernels kernels, VerificationRule rule, int maximumDraftLength)
    {
        _target = target;
        _kernels = kernels;
        _rule = rule;
        _rowCount = maximumDraftLength + 1;
        _logSumExps = new double[_rowCount];
        _entropies = new double[_rowCount];
        _sampler = new Sampler(kernels, target.Model.VocabularySize);
    }

    /// <summary>Makes room for distributions. Called before the first request above temperature 0 starts.</summary>
    public void Reserve()
    {
        if (_residual is null)
        {
            var vocabularySize = _target.Model.VocabularySize;
            _distributions = [.. Enumerable.Range(0, _rowCount).Select(_ => new TokenDistribution(vocabularySize))];
            _residual = new TokenDistribution(vocabularySize);
        }
    }

    /// <summary>Verifies the draft of <paramref name="request"/> against the rows from <paramref name="anchorRow"/> on.</summary>
    /// <param name="request">Its draft is in its slot; what is seen of it is left there as evidence.</param>
    /// <param name="anchorRow">Row of its anchor token.</param>
    /// <param name="hasHiddenRows">Whether the decode gave hidden rows.</param>
    /// <exception cref="ModelFailureException">The target's logits are not numbers.</exception>
    public Acceptance Verify(Request request, int anchorRow, bool hasHiddenRows)
    {
        Array.Fill(_logSumExps, double.NaN);
        var evidence = request.Slot!.Evidence;
        evidence.Clear();
        var acceptance = request.Sampling.IsGreedy ? VerifyGreedy(request, anchorRow) : VerifySampled(request, anchorRow);
        if (hasHiddenRows && request.PolicyWants(PolicyNeeds.HiddenRow))
        {
            evidence.Keep(_target.HiddenRow(anchorRow + acceptance.AcceptedCount));
        }

        return acceptance;
    }

    /// <summary>
    /// Natural logarithm of a token's probability under the target's unmodified logits, at row <paramref name="index"/>
    /// of the round that was verified last.
    /// </summary>
    public float LogProbability(int anchorRow, int index, int token)
    {
        var logits = _target.LogitsRow(anchorRow + index);
        if (double.IsNaN(_logSumExps[index]) && _kernels.TryRowStatistics(logits, 1f, [], [], out var statistics))
        {
            _logSumExps[index] = statistics.LogSumExp;
        }

        return (float)(logits[token] - _logSumExps[index]);
    }

    private Acceptance VerifyGreedy(Request request, int anchorRow)
    {
        var tokens = request.Slot!.Tokens;
        var drafted = tokens.Drafted;
        var evidence = request.Slot.Evidence;
        for (var i = 0; ; i++)
        {
            var best = _sampler.ArgMax(_target.LogitsRow(anchorRow + i), null, tokens.Prefix(i), request.Sampling, out var statistics);
            ThrowIfInvalid(best >= 0, request);
            if (!request.Sampling.ChangesLogits)
            {
                // The sweep that found the token also gave what its log-probability needs.
                _logSumExps[i] = statistics.LogSumExp;
            }

            if (i < drafted.Length)
            {
                evidence.Add(best == drafted[i] ? 1 : 0);
            }

            if (i == drafted.Length || best != drafted[i])
            {
                evidence.TargetEntropy = statistics.Entropy;
                return new Acceptance(i, best, i == drafted.Length ? NextTokenKind.Bonus : NextTokenKind.Correction);
            }
        }
    }

    private Acceptance VerifySampled(Request request, int anchorRow)
    {
        var tokens = request.Slot!.Tokens;
        var count = tokens.DraftedCount;
        for (var i = 0; i <= count; i++)
        {
            ThrowIfInvalid(_sampler.TryShape(
                _target.LogitsRow(anchorRow + i), null, tokens.Prefix(i), request.Sampling, _distributions[i], out var statistics), request);
            _entropies[i] = statistics.Entropy;
        }

        var draws = new RandomDraws(_kernels, request.Seed, request.Stats.Rounds);
        var draft = request.Slot.Job.Chain.First(count);
        var target = _distributions.AsSpan(0, count + 1);
        var acceptance = _rule == VerificationRule.Block
            ? BlockVerifier.Verify(tokens.Drafted, draft, target, _residual!, _kernels, ref draws)
            : ChainVerifier.Verify(tokens.Drafted, draft, target, _residual!, _kernels, ref draws);
        var evidence = request.Slot.Evidence;
        evidence.TargetEntropy = _entropies[acceptance.AcceptedCount];
        if (request.PolicyWants(PolicyNeeds.AcceptanceProbabilities))
        {
            for (var i = 0; i < Math.Min(acceptance.AcceptedCount + 1, count); i++)
            {
                // What the residual does not hold is what both distributions have in common.
                evidence.Add(Math.Clamp(1 - ResidualDistribution.Compute(target[i], 1, draft[i], _residual!, _kernels), 0, 1));
            }
        }

        return acceptance;
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
}
