using LlamaSpec.Models;

namespace LlamaSpec.Sampling;

/// <summary>
/// Turns a logits row into the distribution that a token is drawn from. One chain for target and draft:
/// logit bias, penalties, top-k, top-p, min-p, temperature. Owns its scratch memory; one thread at a time.
/// </summary>
/// <param name="kernels">Row arithmetic.</param>
/// <param name="rowLength">Longest logits row.</param>
public sealed class Sampler(IKernels kernels, int rowLength)
{
    // 256: top-p and min-p without top-k seldom keep more; the list grows when they do.
    private const int FirstCandidates = 256;

    private readonly LogitAdjuster _adjuster = new(rowLength);
    private readonly int[] _columns = new int[rowLength];
    private readonly float[] _logits = new float[rowLength];
    private readonly float[] _probabilities = new float[rowLength];

    /// <summary>The most likely token of a row at temperature 0.</summary>
    /// <param name="row">Logits, one per draft row or target token.</param>
    /// <param name="map">Target ids of a trimmed draft's rows; null = rows are target ids.</param>
    /// <param name="prefix">All tokens before this one, for the penalties.</param>
    /// <param name="options">The sampling options.</param>
    /// <param name="statistics">Statistics of the adjusted row at temperature 1.</param>
    /// <returns>The token, or -1 for a row that holds no valid distribution.</returns>
    public int ArgMax(ReadOnlySpan<float> row, TokenMap? map, ReadOnlySpan<int> prefix, SamplingOptions options, out RowStatistics statistics)
    {
        var adjusted = _adjuster.Adjust(row, map, prefix, options);
        return kernels.TryRowStatistics(adjusted, 1f, [], [], out statistics) ? ToToken(statistics.ArgMax, map) : -1;
    }

    /// <summary>The most likely tokens of a row at temperature 0, the most likely first.</summary>
    /// <param name="row">Logits, one per draft row or target token.</param>
    /// <param name="map">Target ids of a trimmed draft's rows; null = rows are target ids.</param>
    /// <param name="prefix">All tokens before this one, for the penalties.</param>
    /// <param name="options">The sampling options.</param>
    /// <param name="tokens">Receives the tokens.</param>
    /// <param name="probabilities">Receives their probabilities at temperature 1; same length.</param>
    /// <param name="statistics">Statistics of the adjusted row at temperature 1.</param>
    /// <returns>How many there are; 0 for a row that holds no valid distribution.</returns>
    public int Likeliest(
        ReadOnlySpan<float> row,
        TokenMap? map,
        ReadOnlySpan<int> prefix,
        SamplingOptions options,
        Span<int> tokens,
        Span<float> probabilities,
        out RowStatistics statistics)
    {
        var adjusted = _adjuster.Adjust(row, map, prefix, options);
        var listed = Math.Min(tokens.Length, adjusted.Length);
        if (!kernels.TryRowStatistics(adjusted, 1f, _columns.AsSpan(0, listed), _logits.AsSpan(0, listed), out statistics))
        {
            return 0;
        }

        var count = 0;
        for (; count < listed && !float.IsNegativeInfinity(_logits[count]); count++)
        {
            tokens[count] = ToToken(_columns[count], map);
            probabilities[count] = (float)Math.Exp(_logits[count] - statistics.LogSumExp);
        }

        return count;
    }

    /// <summary>The distribution of a row at a temperature above 0.</summary>
    /// <param name="row">Logits, one per draft row or target token.</param>
    /// <param name="map">Target ids of a trimmed draft's rows; null = rows are target ids.</param>
    /// <param name="prefix">All tokens before this one, for the penalties.</param>
    /// <param name="options">The sampling options.</param>
    /// <param name="distribution">Overwritten with probabilities over target tokens.</param>
    /// <param name="statistics">Statistics of the whole adjusted row at the temperature of <paramref name="options"/>.</param>
    /// <returns>False for a row that holds no valid distribution.</returns>
    public bool TryShape(
        ReadOnlySpan<float> row,
        TokenMap? map,
        ReadOnlySpan<int> prefix,
        SamplingOptions options,
        TokenDistribution distribution,
        out RowStatistics statistics) =>
        TryShape(row, map, prefix, options, distribution, [], out _, out statistics);

    /// <summary>The distribution of a row at a temperature above 0, and its most likely tokens.</summary>
    /// <param name="row">Logits, one per draft row or target token.</param>
    /// <param name="map">Target ids of a trimmed draft's rows; null = rows are target ids.</param>
    /// <param name="prefix">All tokens before this one, for the penalties.</param>
    /// <param name="options">The sampling options.</param>
    /// <param name="distribution">Overwritten with probabilities over target tokens.</param>
    /// <param name="likeliest">Receives the most likely tokens, the most likely first.</param>
    /// <param name="likeliestCount">How many of those there are: no more than have weight.</param>
    /// <param name="statistics">Statistics of the whole adjusted row at the temperature of <paramref name="options"/>.</param>
    /// <returns>False for a row that holds no valid distribution.</returns>
    public bool TryShape(
        ReadOnlySpan<float> row,
        TokenMap? map,
        ReadOnlySpan<int> prefix,
        SamplingOptions options,
        TokenDistribution distribution,
        Span<int> likeliest,
        out int likeliestCount,
        out RowStatistics statistics)
    {
        var adjusted = _adjuster.Adjust(row, map, prefix, options);
        var inverseTemperature = options.InverseTemperature;
        var candidates = FirstCandidateCount(adjusted.Length, options);
        var listed = candidates > 0 ? candidates : Math.Min(likeliest.Length, adjusted.Length);
        likeliestCount = 0;
        if (!kernels.TryRowStatistics(adjusted, inverseTemperature, _columns.AsSpan(0, listed), _logits.AsSpan(0, listed), out statistics))
        {
            return false;
        }

        distribution.Clear();
        if (candidates == 0)
        {
            FillWhole(adjusted, map, inverseTemperature, statistics.LogSumExp, distribution);
        }
        else
        {
            listed = Truncate(adjusted, candidates, options);
            Fill(listed, map, inverseTemperature, distribution);
        }

        listed = Math.Min(listed, likeliest.Length);
        for (; likeliestCount < listed && !float.IsNegativeInfinity(_logits[likeliestCount]); likeliestCount++)
        {
            likeliest[likeliestCount] = ToToken(_columns[likeliestCount], map);
        }

        return true;
    }

    private static int FirstCandidateCount(int length, SamplingOptions options)
    {
        if (options.TopK > 0 && options.TopK < length)
        {
            return options.TopK;
        }

        return options.TopP < 1 || options.MinP > 0 ? Math.Min(FirstCandidates, length) : 0;
    }

    /// <summary>How many of the largest entries top-p and min-p keep; they are in the scratch lists then.</summary>
    private int Truncate(ReadOnlySpan<float> adjusted, int candidates, SamplingOptions options)
    {
        var isWholeSet = candidates == options.TopK || candidates == adjusted.Length;
        double total;
        if (isWholeSet)
        {
            total = 0;
            for (var i = 0; i < candidates; i++)
            {
                total += Math.Exp(_logits[i] - _logits[0]);
            }
        }
        else
        {
            kernels.TryRowStatistics(adjusted, 1f, [], [], out var plain);
            total = Math.Exp(plain.LogSumExp - plain.Maximum);
        }

        while (true)
        {
            var kept = CountKept(candidates, total, options);
            if (kept < candidates || isWholeSet)
            {
                return kept;
            }

            candidates = Math.Min(candidates * 4, adjusted.Length);
            isWholeSet = candidates == adjusted.Length;
            kernels.TryRowStatistics(adjusted, 1f, _columns.AsSpan(0, candidates), _logits.AsSpan(0, candidates), out _);
        }
    }

    private int CountKept(int candidates, double total, SamplingOptions options)
    {
        var lowest = options.MinP > 0 ? _logits[0] + Math.Log(options.MinP) : double.NegativeInfinity;
        var massWanted = options.TopP < 1 ? options.TopP * total : double.PositiveInfinity;
        var mass = 0.0;
        var kept = 0;
        while (kept < candidates && mass < massWanted && _logits[kept] >= lowest && !float.IsNegativeInfinity(_logits[kept]))
        {
            mass += Math.Exp(_logits[kept] - _logits[0]);
            kept++;
        }

        return kept;
    }

    private void Fill(int kept, TokenMap? map, float inverseTemperature, TokenDistribution distribution)
    {
        var total = 0.0;
        for (var i = 0; i < kept; i++)
        {
            total += Math.Exp((_logits[i] - _logits[0]) * inverseTemperature);
        }

        for (var i = 0; i < kept; i++)
        {
            var probability = Math.Exp((_logits[i] - _logits[0]) * inverseTemperature) / total;
            distribution.Add(ToToken(_columns[i], map), (float)probability);
        }
    }

    private void FillWhole(ReadOnlySpan<float> adjusted, TokenMap? map, float inverseTemperature, double logSumExp, TokenDistribution distribution)
    {
        if (map is null && adjusted.Length == distribution.VocabularySize)
        {
            kernels.Softmax(adjusted, inverseTemperature, logSumExp, distribution.OverwriteAll());
            return;
        }

        // A trimmed or shorter draft has probability 0 for the tokens it lacks.
        var probabilities = _probabilities.AsSpan(0, adjusted.Length);
        kernels.Softmax(adjusted, inverseTemperature, logSumExp, probabilities);
        for (var column = 0; column < probabilities.Length; column++)
        {
            if (probabilities[column] > 0)
            {
                distribution.Add(ToToken(column, map), probabilities[column]);
            }
        }
    }

    private static int ToToken(int column, TokenMap? map) => map is null ? column : map.ToTarget(column);
}
