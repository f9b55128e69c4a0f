using LlamaSpec.Diagnostics;
using LlamaSpec.Drafting;
using LlamaSpec.Drafting.Selection;
using LlamaSpec.Engine;
using LlamaSpec.Models;
using LlamaSpec.Native.Calibration;
using LlamaSpec.Native.Kernels;
using LlamaSpec.Policies.Costs;
using LlamaSpec.Sampling;

namespace LlamaSpec.Native;

/// <summary>Loads a target and its draft through llama.cpp and starts an engine over them.</summary>
public static class ModelPair
{
    /// <summary>Loads a pair. A draft that cannot be used costs speed, not the engine, unless it is required.</summary>
    /// <param name="options">Which models, and how; null = the embedded pair with defaults.</param>
    /// <param name="progress">
    /// Told how far the loading is, from pool threads, one report at a time. What it throws stops the loading and is thrown from here.
    /// </param>
    /// <param name="cancellationToken">Stops the loading.</param>
    /// <exception cref="FileNotFoundException">The target's file does not exist, or the draft's, where it is required.</exception>
    /// <exception cref="ModelFailureException">A model cannot be loaded; the message says why.</exception>
    /// <exception cref="ArgumentException">An option is out of range; said before a model is loaded.</exception>
    /// <exception cref="NativeLibraryException">The native libraries are missing or do not fit.</exception>
    public static Task<SpeculativeEngine> LoadAsync(
        ModelPairOptions? options = null, IProgress<LoadProgress>? progress = null, CancellationToken cancellationToken = default) =>
        Task.Run(() => Load(options ?? new ModelPairOptions(), progress, cancellationToken), cancellationToken);

    private static SpeculativeEngine Load(ModelPairOptions options, IProgress<LoadProgress>? progress, CancellationToken cancellationToken)
    {
        options.Validate();
        var calibration = LoadCalibration.Read(options);
        return LoadedPair.WithOrDispose(
            LoadedPair.Load(calibration.Options, progress, cancellationToken),
            pair => Start(pair, options, calibration, options.Engine.Drafter == DrafterChoice.None ? null : calibration.CostsOf(pair, progress, cancellationToken)));
    }

    private static SpeculativeEngine Start(LoadedPair pair, ModelPairOptions options, LoadCalibration calibration, CostProfile? costs)
    {
        var clock = new NativeClock(TimeProvider.System);
        return new SpeculativeEngine(
            new EngineParts
            {
                Target = new TimedModelRunner(pair.TargetRunner, clock),
                Tokenizer = pair.Target.Tokenizer,
                Kernels = new TimedKernels(new NativeKernels(), clock),
                Drafter = options.Engine.Drafter == DrafterChoice.None ? null : CreateSelector(pair, options, clock),
                DrafterMissingReason = "the drafter is none",
                NativeClock = clock,
                Costs = costs,
                LengthPredictor = pair.LengthPredictor,
                Learned = calibration.TryReadLearned(),
                SaveLearned = calibration.WriteLearned,
                Owned = pair.Embeddings is null ? [pair.Target] : [pair.Target, pair.Embeddings],
            },
            options.Engine);
    }

    private static DrafterSelector CreateSelector(LoadedPair pair, ModelPairOptions options, NativeClock clock)
    {
        var model = pair.DraftRunner is null
            ? null
            : new ModelDrafter(new TimedModelRunner(pair.DraftRunner, clock), pair.DraftMap, new TimedKernels(new NativeKernels(), clock), pair.DraftPaths);
        return DrafterSelector.For(model, pair.DraftMissingReason, pair.Trigrams, options.Engine, pair.Target.Info.VocabularySize);
    }
}
