using LlamaSpec.Engine;

namespace LlamaSpec.Contracts.Pairs;

/// <summary>How a pair is started.</summary>
/// <param name="Engine">Limits and defaults of the engine; the KV caches are large enough for them.</param>
/// <param name="Draft">The draft model. A draft that cannot be used is an error.</param>
/// <param name="DraftPaths">Sequences of the draft's KV cache for each request.</param>
public sealed record PairSetup(SpeculativeEngineOptions Engine, PairDraft Draft = PairDraft.Own, int DraftPaths = 1);
