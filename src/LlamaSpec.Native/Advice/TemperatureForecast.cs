using LlamaSpec.Policies.Costs;

namespace LlamaSpec.Native.Advice;

/// <summary>What a draft is expected to bring at one temperature.</summary>
/// <param name="Temperature">The temperature.</param>
/// <param name="Tokens">Tokens of the target's answers that acceptance was measured on.</param>
/// <param name="Survival">Probability that at least 1, 2, .. drafted tokens are accepted.</param>
/// <param name="Lengths">What each length brings, from 0 on.</param>
public sealed record TemperatureForecast(
    float Temperature, int Tokens, IReadOnlyList<double> Survival, IReadOnlyList<LengthForecast> Lengths)
{
    /// <summary>The length with the largest expected speed-up; 0 where drafting does not pay.</summary>
    public LengthForecast Best => Lengths.MaxBy(static length => length.SpeedUp);
}
