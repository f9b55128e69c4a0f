using LlamaSpec.Policies.Auto;
using LlamaSpec.Policies.Ldlp;
using LlamaSpec.Sampling;

namespace LlamaSpec.Policies;

/// <summary>What a policy is made for: one request of an engine.</summary>
public sealed record PolicyContext
{
    /// <summary>How the request's tokens are chosen.</summary>
    public required SamplingOptions Sampling { get; init; }

    /// <summary>Longest draft of the engine.</summary>
    public required int MaximumDraftLength { get; init; }

    /// <summary>The pair's trained draft-length predictor, where it has one; used by the engine thread alone.</summary>
    public LdlpPredictor? LengthPredictor { get; init; }

    /// <summary>What the engine has learned and measured so far; shared by its requests, used by the engine thread alone.</summary>
    public AdaptiveState Adaptive { get; init; } = new();
}
