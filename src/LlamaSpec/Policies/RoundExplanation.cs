namespace LlamaSpec.Policies;

/// <summary>What a policy expected of the round that it decided last.</summary>
/// <param name="Reason">Why the draft ended where it did, or why there was none. A constant text; null = the policy does not tell.</param>
/// <param name="ExpectedAcceptedTokens">Drafted tokens that it expected to survive; NaN = it does not predict.</param>
/// <param name="ExpectedMilliseconds">Time that it expected the step to take; NaN = it does not predict.</param>
public readonly record struct RoundExplanation(string? Reason, double ExpectedAcceptedTokens = double.NaN, double ExpectedMilliseconds = double.NaN);
