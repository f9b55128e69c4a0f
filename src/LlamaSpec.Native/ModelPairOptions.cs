using LlamaSpec.Calibration;
using LlamaSpec.Engine;
using LlamaSpec.Policies.Costs;

namespace LlamaSpec.Native;

/// <summary>Which models to load, and how.</summary>
public sealed record ModelPairOptions
{
    /// <summary>The target's GGUF file. null (default) = the embedded pair.</summary>
    public string? TargetPath { get; init; }

    /// <summary>The draft's GGUF file. null (default) = the embedded draft with the embedded target, else none.</summary>
    public string? DraftPath { get; init; }

    /// <summary>
    /// A table of tri-grams, as train-trigram writes it, for the drafter of that name. null (default) = the file beside the target
    /// with the ending .trigram, where there is one.
    /// </summary>
    public string? TrigramPath { get; init; }

    /// <summary>Whether to load a draft model at all. Default true. Without one, drafters that need none go on; <see cref="SpeculativeEngineOptions.Drafter"/> switches those off.</summary>
    public bool UseDraft { get; init; } = true;

    /// <summary>
    /// Whether a draft that cannot be used is an error. Default false: the target decodes alone, and
    /// <see cref="SpeculativeEngine.DisabledReason"/> says why.
    /// </summary>
    public bool RequireDraft { get; init; }

    /// <summary>
    /// Threads for the target. null (default) = as many as the calibration found best, else all processors, at most 8. Range
    /// 1 to 512.
    /// </summary>
    public int? TargetThreadCount { get; init; }

    /// <summary>
    /// Threads for the draft. null (default) = as many as the calibration found best, else one for a draft below 50 million
    /// parameters, whose passes are too short to share, else those of the target. Range 1 to 512.
    /// </summary>
    public int? DraftThreadCount { get; init; }

    /// <summary>
    /// Sequences of the draft's KV cache for each request: from so many nodes at once a draft pass can go on, where a policy asks for
    /// a tree. Default 1: trees then are a path of the draft with leaves beside it, which costs no draft pass more than a chain.
    /// Several sequences cost llama.cpp 0.03 ms a pass, much for a tiny draft, whose pass takes 0.1 ms. Range 1 to 64; fewer where
    /// many requests share the 256 sequences of a context.
    /// </summary>
    public int DraftPaths { get; init; } = 1;

    /// <summary>
    /// Layers of the target to place on a GPU: -1 (default) = all where there is one, 0 = none. More than it has = all. Without a
    /// GPU the processor has them all, and <see cref="GpuPlacement.WhyOnProcessor"/> tells why.
    /// </summary>
    public int GpuLayerCount { get; init; } = -1;

    /// <summary>Layers of the draft to place on a GPU, as for the target. null (default) = all, or none where the target has none there.</summary>
    public int? DraftGpuLayerCount { get; init; }

    /// <summary>Fused attention: null (default) = llama.cpp decides.</summary>
    public bool? FlashAttention { get; init; }

    /// <summary>Whether decodes use LlamaSpec's own matrix products, for target and draft. Default: where the processor can.</summary>
    public FastRows FastRows { get; init; }

    /// <summary>
    /// Whether the costs of the pair's decodes are read and measured, where anybody may draft. Default: read, else measured
    /// in 2.5 seconds at most and stored in the folder of <see cref="ProfileStore"/>. A calibration that fails costs its
    /// figures, not the engine.
    /// </summary>
    public CalibrationMode Calibration { get; init; }

    /// <summary>
    /// Limits and defaults of the engine. The KV cache of each model gets <see cref="SpeculativeEngineOptions.ConcurrentRequests"/>
    /// times (<see cref="SpeculativeEngineOptions.ContextLength"/> + the larger of <see cref="SpeculativeEngineOptions.MaximumDraftLength"/>
    /// and <see cref="SpeculativeEngineOptions.MaximumTreeNodes"/> + 1) cells, at most 16,777,216.
    /// </summary>
    public SpeculativeEngineOptions Engine { get; init; } = new();

    /// <summary>What is measured where the costs are not stored yet.</summary>
    internal CalibrationPlan CalibrationPlan { get; init; } = CalibrationPlan.Quick with { IsBudgetHard = true };

    internal int DraftGpuLayerCountInUse => DraftGpuLayerCount ?? (GpuLayerCount == 0 ? 0 : -1);

    internal string? DraftPathInUse => !UseDraft ? null : DraftPath ?? (TargetPath is null ? EmbeddedPair.DraftPath : null);

    /// <summary>A context of one sequence that computes as the pair does: another attention path or other products give other logits.</summary>
    internal LlamaContextOptions ForOneSequence(int? threadCount, int? rowCapacity = null)
    {
        var defaults = new LlamaContextOptions();
        return new LlamaContextOptions
        {
            CellCapacity = Engine.ContextLength,
            RowCapacity = rowCapacity ?? defaults.RowCapacity,
            ThreadCount = threadCount ?? defaults.ThreadCount,
            FlashAttention = FlashAttention,
            FastRows = FastRows,
        };
    }

    /// <summary>Throws when a value is out of range, as far as that can be said without a model.</summary>
    /// <exception cref="ArgumentException">The message names the option and the range.</exception>
    public void Validate()
    {
        ArgumentNullException.ThrowIfNull(Engine);
        Engine.Validate();
        if (RequireDraft && (!UseDraft || (DraftPath is null && TargetPath is not null)))
        {
            throw new ArgumentException($"{nameof(RequireDraft)} needs a draft: give {nameof(DraftPath)} with {nameof(TargetPath)}, and leave {nameof(UseDraft)} on.");
        }

        Check.Range(TargetThreadCount ?? 1, 1, RunnerSizes.MostThreads, nameof(TargetThreadCount));
        Check.Range(DraftThreadCount ?? 1, 1, RunnerSizes.MostThreads, nameof(DraftThreadCount));
        CheckLayers(GpuLayerCount, nameof(GpuLayerCount));
        CheckLayers(DraftGpuLayerCount, nameof(DraftGpuLayerCount));
        Check.Range(DraftPaths, 1, SpeculativeEngineOptions.LongestDraft, nameof(DraftPaths));
        Check.Defined(Calibration, nameof(Calibration));
        RunnerSizes.ThrowIfTooLarge(Engine);
    }

    /// <summary>These options, with what a calibration chose wherever they leave the choice.</summary>
    public ModelPairOptions With(CostProfile costs)
    {
        ArgumentNullException.ThrowIfNull(costs);
        return this with
        {
            TargetThreadCount = TargetThreadCount ?? costs.TargetThreadCount,
            DraftThreadCount = DraftThreadCount ?? costs.DraftThreadCount,
            FlashAttention = FlashAttention ?? costs.FlashAttention,
            FastRows = FastRows == FastRows.Auto && !costs.FastRows ? FastRows.Off : FastRows,
        };
    }

    private static void CheckLayers(int? count, string name)
    {
        if (count < -1)
        {
            throw new ArgumentOutOfRangeException(name, count, $"{name} must be -1 (all), 0 (none) or a number of layers, but is {count}.");
        }
    }
}
