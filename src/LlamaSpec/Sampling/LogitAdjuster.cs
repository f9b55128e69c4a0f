using LlamaSpec.Models;

namespace LlamaSpec.Sampling;

/// <summary>The stages that change single logits: the mask of rows that name no token, logit bias and penalties.</summary>
internal sealed class LogitAdjuster(int rowLength)
{
    private readonly float[] _row = new float[rowLength];
    private readonly int[] _window = new int[rowLength < 4096 ? 4096 : rowLength];

    /// <summary>The row itself when there is nothing to change, else a changed copy, valid until the next call.</summary>
    public ReadOnlySpan<float> Adjust(ReadOnlySpan<float> row, TokenMap? map, ReadOnlySpan<int> prefix, SamplingOptions options)
    {
        if (map is null && !options.ChangesLogits)
        {
            return row;
        }

        var adjusted = _row.AsSpan(0, row.Length);
        row.CopyTo(adjusted);
        if (map is not null)
        {
            foreach (var unnamed in map.RowsWithoutToken)
            {
                adjusted[unnamed] = float.NegativeInfinity;
            }
        }

        for (var i = 0; i < options.LogitBias.Count; i++)
        {
            var (token, bias) = options.LogitBias[i];
            if (TryFindRow(token, map, row.Length, out var column))
            {
                adjusted[column] += bias;
            }
        }

        if (options.HasPenalties)
        {
            Penalise(adjusted, map, prefix, options);
        }

        return adjusted;
    }

    // Repetition divides or multiplies (arXiv 1909.05858, section 4.1), frequency and presence subtract, as in llama.cpp.
    private void Penalise(Span<float> adjusted, TokenMap? map, ReadOnlySpan<int> prefix, SamplingOptions options)
    {
        var recent = prefix[Math.Max(0, prefix.Length - options.PenaltyWindow)..];
        var window = _window.AsSpan(0, recent.Length);
        recent.CopyTo(window);
        window.Sort();
        for (var start = 0; start < window.Length;)
        {
            var end = start + 1;
            while (end < window.Length && window[end] == window[start])
            {
                end++;
            }

            if (TryFindRow(window[start], map, adjusted.Length, out var column))
            {
                ref var logit = ref adjusted[column];
                logit = logit > 0 ? logit / options.RepetitionPenalty : logit * options.RepetitionPenalty;
                logit -= ((end - start) * options.FrequencyPenalty) + options.PresencePenalty;
            }

            start = end;
        }
    }

    private static bool TryFindRow(int token, TokenMap? map, int rowCount, out int column)
    {
        column = map is null ? token : map.FromTarget(token);
        return column < rowCount && (map is null || column != map.UnknownRow);
    }
}
