using LlamaSpec.Diagnostics;
using LlamaSpec.Drafting;
using LlamaSpec.Models;
using LlamaSpec.Policies.Costs;
using LlamaSpec.Policies.Ldlp;
using LlamaSpec.Sampling;

namespace LlamaSpec.Engine;

/// <summary>What an engine is put together from. The engine owns the target and the drafter from then on.</summary>
public sealed record EngineParts
{
    /// <summary>The target model.</summary>
    public required IModelRunner Target { get; init; }

    /// <summary>Its vocabulary.</summary>
    public required ITokenizer Tokenizer { get; init; }

    /// <summary>Row arithmetic.</summary>
    public required IKernels Kernels { get; init; }

    /// <summary>Proposes tokens; null = plain decoding.</summary>
    public IDrafter? Drafter { get; init; }

    /// <summary>Why there is no drafter, for the statistics.</summary>
    public string DrafterMissingReason { get; init; } = "no draft model was given";

    /// <summary>Time spent in native calls, if the parts above count it. null = all time counts as managed.</summary>
    public NativeClock? NativeClock { get; init; }

    /// <summary>What decodes cost on this machine; null = learned while running.</summary>
    public CostProfile? Costs { get; init; }

    /// <summary>The pair's trained draft-length predictor; null (default) = none.</summary>
    public LdlpPredictor? LengthPredictor { get; init; }

    /// <summary>What an engine over the same pair has learned before, as it was given to <see cref="SaveLearned"/>. null (default) = nothing; damaged bytes count as nothing.</summary>
    public ReadOnlyMemory<byte>? Learned { get; init; }

    /// <summary>Takes what this engine has learned, once, when it ends; from the engine's thread. What it throws is swallowed.</summary>
    public Action<ReadOnlyMemory<byte>>? SaveLearned { get; init; }

    /// <summary>Source of timestamps.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Further things to dispose with the engine, after the target and the drafter.</summary>
    public IReadOnlyList<IDisposable> Owned { get; init; } = [];
}
