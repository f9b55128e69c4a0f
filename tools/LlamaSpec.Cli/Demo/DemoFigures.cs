using LlamaSpec.Cli.Comparison;
using LlamaSpec.Diagnostics;
using LlamaSpec.Policies;

namespace LlamaSpec.Cli.Demo;

/// <summary>Sums up the samples of one temperature and policy. Pure.</summary>
internal static class DemoFigures
{
    public static DemoResult Compute(
        float temperature, PolicyChoice policy, IReadOnlyList<ComparedAnswers> samples, IReadOnlyList<Divergence> divergences, string? disabledReason)
    {
        SpeculativeStats[] plain = [.. samples.Select(static sample => sample.Plain.Stats)];
        SpeculativeStats[] speculative = [.. samples.Select(static sample => sample.Speculative.Stats)];
        var rounds = speculative.Sum(static stats => stats.Rounds);
        var drafted = speculative.Sum(static stats => stats.DraftedTokens);
        var accepted = speculative.Sum(static stats => stats.AcceptedTokens);
        return new DemoResult
        {
            Temperature = temperature,
            Policy = policy.Name,
            PlainTokensPerSecond = TokensPerSecond(plain),
            SpeculativeTokensPerSecond = TokensPerSecond(speculative),
            SpeedUp = GeometricMean([.. samples.Select(static sample => sample.Ratio).OfType<double>()]),
            AcceptanceRate = Divide(accepted, drafted),
            MeanAcceptanceLength = Divide(accepted + rounds, rounds),
            Identical = divergences.Count == 0,
            Divergences = divergences,
            ManagedOverheadMilliseconds = Divide(speculative.Sum(static stats => stats.ManagedOverheadMilliseconds), rounds),
            DisabledReason = disabledReason ?? speculative.Select(static stats => stats.DisabledReason).OfType<string>().FirstOrDefault(),
        };
    }

    /// <summary>How many plain tokens one round of the speculative runs costs, in time; 0 where nothing could be timed.</summary>
    public static double RoundCost(IReadOnlyList<ComparedAnswers> samples)
    {
        var plain = MillisecondsPerRound([.. samples.Select(static sample => sample.Plain.Stats)]);
        var speculative = MillisecondsPerRound([.. samples.Select(static sample => sample.Speculative.Stats)]);
        return Divide(speculative, plain);
    }

    // The first round falls into the time to the first token.
    private static double MillisecondsPerRound(IReadOnlyList<SpeculativeStats> stats) =>
        Divide(stats.Sum(static one => one.GenerationMilliseconds), stats.Sum(static one => Math.Max(0, one.Rounds - 1)));

    private static double TokensPerSecond(IReadOnlyList<SpeculativeStats> stats) => Divide(
        stats.Sum(static one => one.GeneratedTokens - one.FirstRoundTokens) * 1000.0,
        stats.Sum(static one => one.GenerationMilliseconds));

    private static double GeometricMean(IReadOnlyList<double> ratios) => ratios.Count == 0 ? 0 : Math.Exp(ratios.Average(Math.Log));

    private static double Divide(double dividend, double divisor) => divisor == 0 ? 0 : dividend / divisor;
}
