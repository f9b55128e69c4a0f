using LlamaSpec.Models;
using LlamaSpec.Policies.Costs;

namespace LlamaSpec.Native.Advice;

/// <summary>One draft for a target on this machine, measured.</summary>
public sealed record DraftAssessment
{
    /// <summary>The draft's file.</summary>
    public required string DraftPath { get; init; }

    /// <summary>Why it cannot be used, in one sentence without its full stop; null when it can. Then the rest is empty.</summary>
    public string? WhyUnusable { get; init; }

    /// <summary>What its file says of it; null when it was not loaded.</summary>
    public ModelInfo? Draft { get; init; }

    /// <summary>What decodes of the pair cost.</summary>
    public CostProfile? Costs { get; init; }

    /// <summary>What each length is expected to bring, at each temperature.</summary>
    public IReadOnlyList<TemperatureForecast> Forecasts { get; init; } = [];

    /// <summary>The best expected speed-up over all temperatures; 0 when it cannot be used.</summary>
    public double BestSpeedUp => Forecasts.Count == 0 ? 0 : Forecasts.Max(static forecast => forecast.Best.SpeedUp);
}
