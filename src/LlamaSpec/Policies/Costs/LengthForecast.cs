namespace LlamaSpec.Policies.Costs;

/// <summary>What drafts of one length are expected to bring.</summary>
/// <param name="Length">Drafted tokens a round; 0 = plain decoding.</param>
/// <param name="TokensPerRound">Tokens committed a round, the correction or bonus token included.</param>
/// <param name="RoundMilliseconds">Time of a round.</param>
/// <param name="SpeedUp">Tokens per second over those of plain decoding.</param>
public readonly record struct LengthForecast(int Length, double TokensPerRound, double RoundMilliseconds, double SpeedUp)
{
    /// <summary>
    /// Forecasts every length from measured costs and acceptance: tokens a round / (passes + V(length + 1)), the throughput of
    /// "Decoding Speculative Decoding" (arXiv 2402.01528, section 3).
    /// </summary>
    /// <param name="costs">What decodes cost; with the draft's.</param>
    /// <param name="survival">Probability that at least 1, 2, .. drafted tokens are accepted; as many as there are lengths.</param>
    /// <param name="depth">Committed tokens to forecast for.</param>
    /// <returns>Length 0 first, then one for each entry of <paramref name="survival"/>.</returns>
    /// <exception cref="ArgumentException">The costs are without a draft's.</exception>
    public static IReadOnlyList<LengthForecast> Compute(CostProfile costs, IReadOnlyList<double> survival, int depth)
    {
        ArgumentNullException.ThrowIfNull(costs);
        ArgumentNullException.ThrowIfNull(survival);
        var draft = costs.Draft ?? throw new ArgumentException("The costs of a draft are needed: measure the pair with it.", nameof(costs));
        var plain = costs.VerifyMilliseconds(1, depth) + costs.RoundOverheadMilliseconds;
        List<LengthForecast> forecasts = [new(0, 1, plain, 1)];
        var tokens = 1.0;
        for (var length = 1; length <= survival.Count; length++)
        {
            tokens += survival[length - 1];
            var passes = draft.FirstPassMilliseconds + ((length - 1) * draft.NextPassMilliseconds);
            var round = passes + costs.VerifyMilliseconds(length + 1, depth) + costs.RoundOverheadMilliseconds;
            forecasts.Add(new LengthForecast(length, tokens, round, tokens * plain / round));
        }

        return forecasts;
    }
}
