namespace LlamaSpec.Measuring.Results;

/// <summary>A policy against another system.</summary>
/// <param name="Policy">Its name.</param>
/// <param name="Ratio">Its tokens per second over those of the other, question by question.</param>
internal sealed record PolicyRatio(string Policy, RatioEstimate Ratio);
