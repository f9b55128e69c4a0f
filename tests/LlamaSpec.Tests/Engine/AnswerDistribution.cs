using LlamaSpec.Engine;
using LlamaSpec.Policies;
using LlamaSpec.Sampling;
using LlamaSpec.Tests.Fakes;
using MathNet.Numerics.Distributions;

namespace LlamaSpec.Tests.Engine;

/// <summary>Short answers, counted over many seeds and compared with what the target alone would give.</summary>
internal static class AnswerDistribution
{
    /// <summary>Tokens of the target.</summary>
    public const int Vocabulary = 5;

    private const int Length = 4;
    private const int Answers = 12_000;

    /// <summary>How often the engine gives each answer.</summary>
    public static async Task<int[]> CountAsync(SpeculativeEngine engine, PolicyChoice policy, float frequencyPenalty = 0, float temperature = 1)
    {
        var counts = new int[(int)Math.Pow(Vocabulary, Length)];
        await Parallel.ForEachAsync(Enumerable.Range(0, Answers), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, cancellation) =>
        {
            var result = await engine.CompleteAsync(
                new GenerationRequest
                {
                    PromptTokens = [0],
                    MaximumTokens = Length,
                    Policy = policy,
                    Sampling = new SamplingOptions { Temperature = temperature, TopK = 0, TopP = 1, MinP = 0, FrequencyPenalty = frequencyPenalty, Seed = (ulong)i },
                },
                cancellation);
            Interlocked.Increment(ref counts[result.Tokens.Aggregate(0, (index, token) => (index * Vocabulary) + token)]);
        });
        return counts;
    }

    /// <summary>How likely the target alone gives each answer.</summary>
    public static double[] Expected(MarkovModelRunner target, float frequencyPenalty = 0, float temperature = 1)
    {
        var result = new double[(int)Math.Pow(Vocabulary, Length)];
        Add([0], 1, 0);
        return result;

        void Add(int[] prefix, double probability, int index)
        {
            if (prefix.Length == Length + 1)
            {
                result[index] = probability;
                return;
            }

            double[] logits = [.. target.LogitsAfter(prefix).Select((logit, token) => (logit - (frequencyPenalty * prefix.Count(seen => seen == token))) / temperature)];
            var total = logits.Sum(Math.Exp);
            for (var token = 0; token < Vocabulary; token++)
            {
                Add([.. prefix, token], probability * Math.Exp(logits[token]) / total, (index * Vocabulary) + token);
            }
        }
    }

    /// <summary>Pearson's test; cells with an expectation below 5 are pooled.</summary>
    public static double PValue(int[] counts, double[] probabilities)
    {
        double statistic = 0, pooledExpected = 0, pooledCount = 0;
        var cells = 0;
        for (var i = 0; i < counts.Length; i++)
        {
            var expected = probabilities[i] * Answers;
            if (expected < 5)
            {
                pooledExpected += expected;
                pooledCount += counts[i];
                continue;
            }

            statistic += Math.Pow(counts[i] - expected, 2) / expected;
            cells++;
        }

        if (pooledExpected >= 5)
        {
            statistic += Math.Pow(pooledCount - pooledExpected, 2) / pooledExpected;
            cells++;
        }

        return 1 - ChiSquared.CDF(cells - 1, statistic);
    }
}
