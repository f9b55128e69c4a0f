using LlamaSpec.Sampling;
using LlamaSpec.Verification;
using static LlamaSpec.Tests.Verification.EnumeratedRows;

namespace LlamaSpec.Tests.Verification;

/// <summary>Exact enumeration of the production verifiers, and proof that the enumeration sees the usual mistakes.</summary>
public class ChainLosslessnessTests
{
    // Probabilities are multiples of 1/64 and draft probabilities powers of two, so that every float32 is exact.
    private const double Exact = 1e-12;
    private const double Rounding = 1e-6;
    private const double SmallestBias = 1e-4;

    [Test]
    public void TokenRuleCommitsExactlyTheTargetsDistribution(
        [Values(2, 3, 4)] int vocabularySize, [Values(0, 1, 2, 3)] int length, [Values] bool isDense, [Range(1, 4)] int seed) =>
        Assert.That(Dyadic(vocabularySize, length, seed, isDense).TotalVariation(ChainEnumeration.TokenRule), Is.LessThan(Exact));

    [Test]
    public void BlockRuleCommitsExactlyTheTargetsDistribution(
        [Values(2, 3, 4)] int vocabularySize, [Values(0, 1, 2, 3)] int length, [Values] bool isDense, [Range(1, 4)] int seed) =>
        Assert.That(Dyadic(vocabularySize, length, seed, isDense).TotalVariation(ChainEnumeration.BlockRule), Is.LessThan(Exact));

    [Test]
    public void ArbitraryProbabilitiesDifferByFloatRoundingOnly([Range(1, 10)] int seed)
    {
        var pair = Arbitrary(3, 3, seed);
        Assert.That(pair.TotalVariation(ChainEnumeration.TokenRule), Is.LessThan(Rounding));
        Assert.That(pair.TotalVariation(ChainEnumeration.BlockRule), Is.LessThan(Rounding));
    }

    [Test]
    public void BlockRuleNeverAcceptsFewerTokensInExpectation([Range(1, 10)] int seed)
    {
        var pair = Arbitrary(3, 3, seed);
        pair.Committed(ChainEnumeration.TokenRule, out var byToken);
        pair.Committed(ChainEnumeration.BlockRule, out var byBlock);
        Assert.That(byBlock, Is.GreaterThanOrEqualTo(byToken - Rounding));
    }

    [Test]
    public void EqualModelsAcceptEverything([Values] bool isBlock)
    {
        var row = Seeded(5, 3, DyadicRow);
        var pair = new ChainEnumeration(3, 3, row, row, isDense: false);
        pair.Committed(isBlock ? ChainEnumeration.BlockRule : ChainEnumeration.TokenRule, out var accepted);
        Assert.That(accepted, Is.EqualTo(3).Within(Exact));
    }

    [Test]
    public void DisjointModelsAcceptNothingAndStayExact([Values] bool isBlock)
    {
        var pair = new ChainEnumeration(4, 2, _ => [0.5, 0.5, 0, 0], _ => [0, 0, 0.25, 0.75], isDense: false);
        var rule = isBlock ? ChainEnumeration.BlockRule : ChainEnumeration.TokenRule;
        var committed = pair.Committed(rule, out var accepted);
        Assert.That(accepted, Is.Zero);
        Assert.That(ChainEnumeration.TotalVariation(committed, pair.Expected()), Is.LessThan(Exact));
    }

    public static IEnumerable<TestCaseData> SeededFaults()
    {
        yield return Fault("a token of low draft probability is dropped after it was drawn", static (drafted, draft, target, residual, kernels, draws) =>
        {
            var kept = 0;
            while (kept < drafted.Length && draft[kept][drafted[kept]] > 0.3f)
            {
                kept++;
            }

            return ChainVerifier.Verify<BranchingDraws>(drafted.AsSpan(0, kept), draft.AsSpan(0, kept), target.AsSpan(0, kept + 1), residual, kernels, ref draws);
        });
        yield return Fault("a rejection samples from the target instead of the residual", static (drafted, draft, target, residual, kernels, draws) =>
        {
            var acceptance = ChainVerifier.Verify<BranchingDraws>(drafted, draft, target, residual, kernels, ref draws);
            return acceptance.Kind == NextTokenKind.Correction
                ? acceptance with { NextToken = draws.Sample(acceptance.AcceptedCount, target[acceptance.AcceptedCount]) }
                : acceptance;
        });
        yield return Fault("the drawn tokens choose between the rules", static (drafted, draft, target, residual, kernels, draws) =>
            (drafted.Length > 1 && drafted[1] == 0 ? ChainEnumeration.BlockRule : ChainEnumeration.TokenRule)(drafted, draft, target, residual, kernels, draws));
        yield return Fault("the bonus token comes from the row before", static (drafted, draft, target, residual, kernels, draws) =>
            ChainVerifier.Verify<BranchingDraws>(drafted, draft, [.. target[..^1], target[^2]], residual, kernels, ref draws));
        yield return Fault("target and draft rows are swapped", static (drafted, draft, target, residual, kernels, draws) =>
            ChainVerifier.Verify<BranchingDraws>(drafted, target.AsSpan(0, drafted.Length), [.. draft, target[^1]], residual, kernels, ref draws));
        yield return Fault("a certain token is accepted by the draft's probability", static (drafted, draft, target, residual, kernels, draws) =>
        {
            int[] best = [.. draft.Select(row => row.Weights.IndexOf(System.Numerics.Tensors.TensorPrimitives.Max(row.Weights)))];
            return ChainVerifier.Verify<BranchingDraws>(best, draft, target, residual, kernels, ref draws);
        });
        yield return Fault("block verification stops at the first failed prefix", static (drafted, draft, target, residual, kernels, draws) =>
        {
            for (var length = 1; length <= drafted.Length; length++)
            {
                var acceptance = BlockVerifier.Verify<BranchingDraws>(drafted.AsSpan(0, length), draft.AsSpan(0, length), target.AsSpan(0, length + 1), residual, kernels, ref draws);
                if (acceptance.AcceptedCount < length)
                {
                    return acceptance;
                }
            }

            return new Acceptance(drafted.Length, draws.Sample(drafted.Length, target[^1]), NextTokenKind.Bonus);
        });
        yield return Fault("the residual forgets how much of the target the block still covers", static (drafted, draft, target, residual, kernels, draws) =>
        {
            var acceptance = BlockVerifier.Verify<BranchingDraws>(drafted, draft, target, residual, kernels, ref draws);
            if (acceptance.Kind != NextTokenKind.Correction)
            {
                return acceptance;
            }

            ResidualDistribution.Compute(target[acceptance.AcceptedCount], 1, draft[acceptance.AcceptedCount], residual, kernels);
            return acceptance with { NextToken = draws.Sample(acceptance.AcceptedCount, residual) };
        });
    }

    [TestCaseSource(nameof(SeededFaults))]
    public void EnumerationCatches(object fault)
    {
        var rule = (ChainRule)fault;
        var worst = Enumerable.Range(1, 8).Max(seed => Arbitrary(3, 3, seed).TotalVariation(rule));
        Assert.That(worst, Is.GreaterThan(SmallestBias));
    }

    private static TestCaseData Fault(string name, ChainRule rule) => new TestCaseData(rule).SetArgDisplayNames(name);

    private static ChainEnumeration Dyadic(int vocabularySize, int length, int seed, bool isDense) =>
        new(vocabularySize, length, Seeded(seed, vocabularySize, DyadicRow), Seeded(seed + 1000, vocabularySize, PowerOfTwoRow), isDense);

    private static ChainEnumeration Arbitrary(int vocabularySize, int length, int seed) =>
        new(vocabularySize, length, Seeded(seed, vocabularySize, ArbitraryRow), Seeded(seed + 1000, vocabularySize, ArbitraryRow), isDense: false);
}
