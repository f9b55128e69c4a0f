namespace LlamaSpec.Measuring.Results;

/// <summary>What a policy gives away.</summary>
/// <param name="Policy">Its name.</param>
/// <param name="Regret">1 - its tokens per second over those of the best fixed length, question by question; negative where it is the faster one.</param>
internal sealed record PolicyRegret(string Policy, double Regret);
