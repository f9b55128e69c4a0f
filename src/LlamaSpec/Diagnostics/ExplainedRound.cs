using LlamaSpec.Policies;

namespace LlamaSpec.Diagnostics;

/// <summary>One round of a request that asked for explanations: what the policy expected, and what came of it.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Outcome">What happened. Its memories are empty.</param>
/// <param name="Expectation">What the policy expected, and why it stopped.</param>
public sealed record ExplainedRound(int Number, RoundOutcome Outcome, RoundExplanation Expectation)
{
    /// <summary>What happened.</summary>
    public RoundOutcome Outcome { get; } = Outcome with { AcceptanceProbabilities = default, HiddenRow = default };
}
