using LlamaSpec.Policies;
using LlamaSpec.Sampling;
using LlamaSpec.Scheduling;

namespace LlamaSpec.Drafting;

/// <summary>What a round's draft continues, and how.</summary>
/// <param name="Tokens">The tokens to continue.</param>
/// <param name="Sampling">How tokens are chosen.</param>
/// <param name="Policy">Decides when the draft ends.</param>
/// <param name="Drafter">Who may draft.</param>
/// <param name="Seed">Seed of the request.</param>
/// <param name="Round">Round of the request.</param>
public readonly record struct DraftRequest(TokenSequence Tokens, SamplingOptions Sampling, IDraftLengthPolicy Policy, DrafterChoice Drafter, ulong Seed, long Round);
