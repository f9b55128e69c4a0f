using LlamaSpec.Native.Advice;
using LlamaSpec.Policies.Costs;

namespace LlamaSpec.Cli.Json;

/// <summary>One draft in the advice of check --json.</summary>
internal sealed record AdvisedDraftDocument
{
    public required string File { get; init; }

    public required string? WhyUnusable { get; init; }

    public required double BestSpeedUp { get; init; }

    public required CostProfile? Costs { get; init; }

    public required IReadOnlyList<TemperatureForecast> Forecasts { get; init; }
}
