using LlamaSpec.Engine;

namespace LlamaSpec.Native;

/// <summary>Which models to load, and how.</summary>
public sealed record ModelPairOptions
{
    /// <summary>The target's GGUF file. null (default) = the embedded pair.</summary>
    public string? TargetPath { get; init; }

    /// <summary>The draft's GGUF file. null (default) = the embedded draft with the embedded target, else none.</summary>
    public string? DraftPath { get; init; }

    /// <summary>Whether to load a draft at all. Default true.</summary>
    public bool UseDraft { get; init; } = true;

    /// <summary>
    /// Whether a draft that cannot be used is an error. Default false: the target decodes alone, and
    /// <see cref="SpeculativeEngine.DisabledReason"/> says why.
    /// </summary>
    public bool RequireDraft { get; init; }

    /// <summary>Threads for the target. null (default) = all processors, at most 8.</summary>
    public int? TargetThreadCount { get; init; }

    /// <summary>
    /// Threads for the draft. null (default) = one for a draft below 50 million parameters, whose passes are too short to
    /// share, else those of the target.
    /// </summary>
    public int? DraftThreadCount { get; init; }

    /// <summary>Layers to place on a GPU: -1 (default) = all where there is one, 0 = none.</summary>
    public int GpuLayerCount { get; init; } = -1;

    /// <summary>Fused attention: null (default) = llama.cpp decides.</summary>
    public bool? FlashAttention { get; init; }

    /// <summary>Limits and defaults of the engine.</summary>
    public SpeculativeEngineOptions Engine { get; init; } = new();
}
