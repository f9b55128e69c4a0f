using LlamaSpec.Sampling;
using LlamaSpec.Verification;

namespace LlamaSpec.Tests.Verification;

/// <summary>A verification rule with its usual arguments.</summary>
internal delegate Acceptance ChainRule(
    int[] drafted, TokenDistribution[] draft, TokenDistribution[] target, TokenDistribution residual, IKernels kernels, BranchingDraws draws);

/// <summary>
/// A pair of models over a tiny vocabulary whose distributions depend on the whole prefix, and the exact distribution of
/// what a verification rule commits.
/// </summary>
internal sealed class ChainEnumeration(int vocabularySize, int length, Func<int, double[]> targetRow, Func<int, double[]> draftRow, bool isDense)
{
    private readonly ManagedKernels _kernels = new();

    public static readonly ChainRule TokenRule = static (drafted, draft, target, residual, kernels, draws) =>
        ChainVerifier.Verify(drafted, draft, target, residual, kernels, ref draws);

    public static readonly ChainRule BlockRule = static (drafted, draft, target, residual, kernels, draws) =>
        BlockVerifier.Verify(drafted, draft, target, residual, kernels, ref draws);

    /// <summary>Probability of every text of length + 1 tokens when a round with the rule begins it and the target completes it.</summary>
    public double[] Committed(ChainRule rule, out double meanAccepted)
    {
        var result = new double[TextCount];
        meanAccepted = 0;
        foreach (var (outcome, probability) in BranchingDraws.Explore(draws => Round(rule, draws)))
        {
            meanAccepted += probability * outcome.Accepted;
            AddCompletions(outcome.Tokens, probability, result);
        }

        return result;
    }

    /// <summary>The same under the target alone.</summary>
    public double[] Expected()
    {
        var result = new double[TextCount];
        AddCompletions([], 1, result);
        return result;
    }

    public double TotalVariation(ChainRule rule) => TotalVariation(Committed(rule, out _), Expected());

    public static double TotalVariation(double[] first, double[] second) => first.Zip(second, (a, b) => Math.Abs(a - b)).Sum() / 2;

    private int TextCount => (int)Math.Pow(vocabularySize, length + 1);

    private (int[] Tokens, int Accepted) Round(ChainRule rule, BranchingDraws draws)
    {
        var drafted = new int[length];
        var draft = new TokenDistribution[length];
        var target = new TokenDistribution[length + 1];
        for (var i = 0; i < length; i++)
        {
            var prefix = Key(drafted.AsSpan(0, i));
            draft[i] = Distribution(draftRow(prefix));
            target[i] = Distribution(targetRow(prefix));
            drafted[i] = draws.Choose(draftRow(prefix));
        }

        target[length] = Distribution(targetRow(Key(drafted)));
        var acceptance = rule(drafted, draft, target, new TokenDistribution(vocabularySize), _kernels, draws);
        return ([.. drafted.Take(acceptance.AcceptedCount), acceptance.NextToken], acceptance.AcceptedCount);
    }

    private void AddCompletions(int[] tokens, double probability, double[] result)
    {
        if (tokens.Length == length + 1)
        {
            result[tokens.Aggregate(0, (index, token) => (index * vocabularySize) + token)] += probability;
            return;
        }

        var row = targetRow(Key(tokens));
        for (var token = 0; token < vocabularySize; token++)
        {
            AddCompletions([.. tokens, token], probability * row[token], result);
        }
    }

    // Different prefixes have different keys.
    private int Key(ReadOnlySpan<int> prefix)
    {
        var key = 1;
        foreach (var token in prefix)
        {
            key = (key * vocabularySize) + token;
        }

        return key;
    }

    private TokenDistribution Distribution(double[] row)
    {
        var distribution = new TokenDistribution(vocabularySize);
        if (isDense)
        {
            row.Select(weight => (float)weight).ToArray().CopyTo(distribution.OverwriteAll());
            return distribution;
        }

        for (var token = 0; token < row.Length; token++)
        {
            if (row[token] > 0)
            {
                distribution.Add(token, (float)row[token]);
            }
        }

        return distribution;
    }
}
