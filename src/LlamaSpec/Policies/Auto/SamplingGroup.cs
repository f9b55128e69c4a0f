using LlamaSpec.Sampling;

namespace LlamaSpec.Policies.Auto;

/// <summary>Requests that sample alike teach each other: those at temperature 0, at low and at high temperatures.</summary>
internal static class SamplingGroup
{
    /// <summary>Number of groups.</summary>
    public const int Count = 3;

    // Temperatures up to this one still follow the likeliest tokens most of the time.
    private const float LowTemperature = 0.5f;

    /// <summary>The group of a way of sampling, from 0.</summary>
    public static int Of(SamplingOptions sampling) => sampling.IsGreedy ? 0 : sampling.Temperature <= LowTemperature ? 1 : 2;
}
