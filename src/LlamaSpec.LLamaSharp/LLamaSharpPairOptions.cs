using LLama.Abstractions;
using LlamaSpec.Calibration;
using LlamaSpec.Drafting.ModelFree;
using LlamaSpec.Engine;
using LlamaSpec.Models;
using LlamaSpec.Policies.Ldlp;
using LlamaSpec.Sampling;

namespace LlamaSpec.LLamaSharp;

/// <summary>How to run a pair over LLamaSharp.</summary>
public sealed record LLamaSharpPairOptions
{
    /// <summary>
    /// Limits and defaults of the engine. null (default) = the engine's own, and KV caches sized after them; over contexts that
    /// the application has created, one request at a time with as many tokens as they hold.
    /// </summary>
    public SpeculativeEngineOptions? Engine { get; init; }

    /// <summary>
    /// Threads, attention, RoPE, the types of the KV cache and the like, for the target: for example the
    /// <see cref="LLama.Common.ModelParams"/> that it was loaded with. Its sizes (context, batch, sequences) are replaced by those
    /// that the engine needs. null (default) = LLamaSharp's defaults with as many threads as there are processors, at most 8.
    /// </summary>
    public IContextParams? TargetContext { get; init; }

    /// <summary>
    /// The same for the draft. null (default) = threads, attention and types of the KV cache as the target's. Where it names no
    /// number of threads, a draft below 50 million parameters gets one, whose passes are too short to share, another the target's.
    /// </summary>
    public IContextParams? DraftContext { get; init; }

    /// <summary>
    /// Whether a draft that cannot be used is an error. Default false: the target decodes alone, and
    /// <see cref="SpeculativeEngine.DisabledReason"/> says why.
    /// </summary>
    public bool RequireDraft { get; init; }

    /// <summary>Sequences of the draft's KV cache for each request. Default 1: trees then are a path of the draft with leaves beside it. Range 1 to 64.</summary>
    public int DraftPaths { get; init; } = 1;

    /// <summary>
    /// Which tokens of the target the rows of a trimmed draft stand for. null (default) = the draft has the target's vocabulary, or
    /// its file says (<see cref="LLamaSharpPair.LoadAsync"/>). LLamaSharp's weights do not tell: they are numbers alone.
    /// </summary>
    public TokenMap? DraftTokenMap { get; init; }

    /// <summary>The pair's trained draft-length predictor. null (default) = none.</summary>
    public LdlpPredictor? LengthPredictor { get; init; }

    /// <summary>Tri-grams counted for the target's vocabulary. null (default) = those of the request alone.</summary>
    public TrigramTable? Trigrams { get; init; }

    /// <summary>Row arithmetic. null (default) = <see cref="ManagedKernels"/>; LlamaSpec.Native's are faster.</summary>
    public IKernels? Kernels { get; init; }

    /// <summary>
    /// Whether the costs of the pair's decodes are read and measured, where anybody may draft. Default: read, else measured in 2.5
    /// seconds at most and kept in the folder of <see cref="ProfileStore"/>, with what engines learn. A calibration that fails costs
    /// its figures, not the engine.
    /// </summary>
    public CalibrationMode Calibration { get; init; }

    /// <summary>What is measured where the costs are not kept yet.</summary>
    internal CalibrationPlan CalibrationPlan { get; init; } = CalibrationPlan.Quick with { IsBudgetHard = true };

    /// <exception cref="ArgumentException">A draft is required, and there is none.</exception>
    internal void ThrowIfDraftIsMissing(object? draft)
    {
        if (RequireDraft && draft is null)
        {
            throw new ArgumentException($"{nameof(RequireDraft)} needs a draft: give one.", nameof(draft));
        }
    }

    /// <summary>Throws when a value is out of range, as far as that can be said without a model.</summary>
    /// <exception cref="ArgumentException">The message names the option and the range.</exception>
    public void Validate()
    {
        if (Engine is not null)
        {
            Engine.Validate();
            RunnerSizes.ThrowIfTooLarge(Engine);
        }

        Check.Defined(Calibration, nameof(Calibration));
        Check.Range(DraftPaths, 1, SpeculativeEngineOptions.LongestDraft, nameof(DraftPaths));
    }
}
