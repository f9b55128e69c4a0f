using LlamaSpec.Calibration;

namespace LlamaSpec.Benchmarks.Backends;

/// <summary>What backends are compared with.</summary>
internal sealed record BackendOptions
{
    /// <summary>The target's GGUF file.</summary>
    public required string TargetPath { get; init; }

    /// <summary>The draft's GGUF file.</summary>
    public required string DraftPath { get; init; }

    /// <summary>Draft-length policies; the first is what the others are compared with.</summary>
    public required string[] Policies { get; init; }

    /// <summary>Questions of the embedded prompts, from the first on.</summary>
    public required int Questions { get; init; }

    /// <summary>Tokens of an answer.</summary>
    public required int Tokens { get; init; }

    /// <summary>Threads of target and draft.</summary>
    public required int Threads { get; init; }

    /// <summary>Whether the costs of the pair are measured before, or learned while running.</summary>
    public required CalibrationMode Calibration { get; init; }
}
