using LlamaSpec.Models;
using LlamaSpec.Sampling;

namespace LlamaSpec.Tests.Sampling;

/// <summary>The sampler chain as its documentation words it: float64, one stage after the other, everything sorted and copied.</summary>
internal static class ReferenceSampler
{
    /// <summary>Probability of every target token.</summary>
    public static double[] Shape(float[] row, TokenMap? map, int[] prefix, SamplingOptions options, int vocabularySize)
    {
        var logits = Adjust(row, map, prefix, options);
        var named = Enumerable.Range(0, row.Length).Where(column => !double.IsNegativeInfinity(logits[column]));
        List<int> kept = [.. named.OrderByDescending(column => logits[column])];
        if (options.TopK > 0)
        {
            kept = [.. kept.Take(options.TopK)];
        }

        if (options.TopP < 1)
        {
            var probabilities = Softmax([.. kept.Select(column => logits[column])]);
            var count = 0;
            for (var mass = 0.0; count < kept.Count && mass < options.TopP; count++)
            {
                mass += probabilities[count];
            }

            kept = [.. kept.Take(count)];
        }

        if (options.MinP > 0)
        {
            var best = logits[kept[0]];
            kept = [.. kept.Where(column => Math.Exp(logits[column] - best) >= options.MinP)];
        }

        var result = new double[vocabularySize];
        foreach (var (column, probability) in kept.Zip(Softmax([.. kept.Select(column => logits[column] / options.Temperature)])))
        {
            result[TokenOf(column, map)] = probability;
        }

        return result;
    }

    /// <summary>The row after bias and penalties, with -infinity where a row names no token.</summary>
    public static double[] Adjust(float[] row, TokenMap? map, int[] prefix, SamplingOptions options)
    {
        var logits = new double[row.Length];
        var recent = prefix.TakeLast(options.PenaltyWindow).ToArray();
        for (var column = 0; column < row.Length; column++)
        {
            var token = TokenOf(column, map);
            var bias = options.LogitBias.Where(bias => bias.Token == token).Sum(bias => (double)bias.Bias);
            logits[column] = token < 0 ? double.NegativeInfinity : row[column] + bias;
            var count = recent.Count(seen => seen == token);
            if (token >= 0 && count > 0)
            {
                logits[column] *= logits[column] > 0 ? 1.0 / options.RepetitionPenalty : options.RepetitionPenalty;
                logits[column] -= (count * (double)options.FrequencyPenalty) + options.PresencePenalty;
            }
        }

        return logits;
    }

    public static double Entropy(double[] probabilities) => -probabilities.Where(p => p > 0).Sum(p => p * Math.Log(p));

    public static double[] Softmax(double[] logits)
    {
        var maximum = logits.Max();
        var total = logits.Sum(logit => Math.Exp(logit - maximum));
        return [.. logits.Select(logit => Math.Exp(logit - maximum) / total)];
    }

    private static int TokenOf(int column, TokenMap? map) =>
        map is null ? column : column == map.UnknownRow ? -1 : map.TargetTokens[column];
}
