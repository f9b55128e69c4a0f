namespace LlamaSpec.Policies;

/// <summary>How a round ended.</summary>
/// <param name="DraftedCount">Tokens drafted.</param>
/// <param name="AcceptedCount">Of those, tokens accepted.</param>
/// <param name="MaximumLength">Most tokens that the round could have drafted.</param>
public readonly record struct RoundOutcome(int DraftedCount, int AcceptedCount, int MaximumLength);
