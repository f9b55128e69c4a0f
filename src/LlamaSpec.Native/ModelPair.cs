using LlamaSpec.Diagnostics;
using LlamaSpec.Drafting;
using LlamaSpec.Engine;
using LlamaSpec.Models;
using LlamaSpec.Native.Kernels;
using LlamaSpec.Sampling;

namespace LlamaSpec.Native;

/// <summary>Loads a target and its draft through llama.cpp and starts an engine over them.</summary>
public static class ModelPair
{
    // Below this many parameters a draft pass is so short that waking a second thread costs more than it saves.
    private const long TinyDraftParameters = 50_000_000;

    // A prompt is decoded in chunks of up to this many rows; llama.cpp's own default.
    private const int ChunkRows = 512;

    /// <summary>Loads a pair. A draft that cannot be used costs speed, not the engine, unless it is required.</summary>
    /// <param name="options">Which models, and how; null = the embedded pair with defaults.</param>
    /// <param name="progress">Told how far the loading is.</param>
    /// <param name="cancellationToken">Stops the loading.</param>
    /// <exception cref="FileNotFoundException">The target's file does not exist, or the draft's, where it is required.</exception>
    /// <exception cref="ModelFailureException">A model cannot be loaded; the message says why.</exception>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    /// <exception cref="NativeLibraryException">The native libraries are missing or do not fit.</exception>
    public static Task<SpeculativeEngine> LoadAsync(
        ModelPairOptions? options = null, IProgress<LoadProgress>? progress = null, CancellationToken cancellationToken = default) =>
        Task.Run(() => Load(options ?? new ModelPairOptions(), progress, cancellationToken), cancellationToken);

    private static SpeculativeEngine Load(ModelPairOptions options, IProgress<LoadProgress>? progress, CancellationToken cancellationToken)
    {
        List<IDisposable> loaded = [];
        try
        {
            var clock = new NativeClock(TimeProvider.System);
            var target = Track(loaded, LoadModel(options.TargetPath ?? EmbeddedPair.TargetPath, "target", options, progress, cancellationToken));
            var targetThreads = options.TargetThreadCount ?? new LlamaContextOptions().ThreadCount;
            var targetRunner = Track(loaded, CreateRunner(target, options, targetThreads));
            var drafter = TryCreateDrafter(target, targetThreads, options, progress, clock, out var reason, cancellationToken);
            if (drafter is not null)
            {
                loaded.Add(drafter);
            }

            return new SpeculativeEngine(
                new EngineParts
                {
                    Target = new TimedModelRunner(targetRunner, clock),
                    Tokenizer = target.Tokenizer,
                    Kernels = new TimedKernels(new NativeKernels(), clock),
                    Drafter = drafter,
                    DrafterMissingReason = reason,
                    NativeClock = clock,
                    Owned = [target],
                },
                options.Engine);
        }
        catch
        {
            loaded.Reverse();
            loaded.ForEach(static part => part.Dispose());
            throw;
        }
    }

    private static ModelDrafter? TryCreateDrafter(
        LlamaModel target,
        int targetThreads,
        ModelPairOptions options,
        IProgress<LoadProgress>? progress,
        NativeClock clock,
        out string reason,
        CancellationToken cancellationToken)
    {
        reason = "no draft model was given";
        var path = options.DraftPath ?? (options.TargetPath is null ? EmbeddedPair.DraftPath : null);
        if (!options.UseDraft || path is null)
        {
            return null;
        }

        try
        {
            if (target.IsRecurrent)
            {
                throw new ModelFailureException("the target is a recurrent model, whose state cannot be rolled back after a rejected draft");
            }

            // The runner keeps the weights alive.
            using var draft = LoadModel(path, "draft", options, progress, cancellationToken);
            var comparison = VocabularyComparison.Compare(target, draft);
            if (!comparison.IsCompatible)
            {
                throw new ModelFailureException($"{comparison}. Use a draft that was made for this target, or of the same model family.");
            }

            var threads = options.DraftThreadCount ?? (draft.Info.ParameterCount < TinyDraftParameters ? 1 : targetThreads);
            var runner = new TimedModelRunner(CreateRunner(draft, options, threads), clock);
            return new ModelDrafter(runner, comparison.TokenMap, new TimedKernels(new NativeKernels(), clock));
        }
        catch (Exception error) when (!options.RequireDraft && error is ModelFailureException or FileNotFoundException)
        {
            reason = $"the draft cannot be used: {error.Message}";
            return null;
        }
    }

    private static LlamaModel LoadModel(
        string path, string name, ModelPairOptions options, IProgress<LoadProgress>? progress, CancellationToken cancellationToken)
    {
        var fraction = progress is null ? null : new FractionProgress(name, progress);
        return LlamaModel.Load(path, new LlamaModelOptions { GpuLayerCount = options.GpuLayerCount }, fraction, cancellationToken);
    }

    private static LlamaModelRunner CreateRunner(LlamaModel model, ModelPairOptions options, int threadCount)
    {
        var engine = options.Engine;
        var rowsOfRounds = engine.ConcurrentRequests * (engine.MaximumDraftLength + 1);
        var runner = new LlamaModelRunner(model, new LlamaContextOptions
        {
            // A draft runs up to MaximumDraftLength cells ahead of the committed tokens.
            CellCapacity = engine.ConcurrentRequests * (engine.ContextLength + engine.MaximumDraftLength + 1),
            RowCapacity = Math.Max(ChunkRows, rowsOfRounds),
            SequenceCapacity = engine.ConcurrentRequests,
            ThreadCount = threadCount,
            FlashAttention = options.FlashAttention,
        });
        WarmUp(runner);
        return runner;
    }

    // The first decode maps the weights into memory and starts the threads: better while loading than in the first answer.
    private static void WarmUp(LlamaModelRunner runner)
    {
        var batch = new TokenBatch(1);
        batch.Add(0, 0, new SequenceId(0), wantsLogits: true);
        runner.Decode(batch);
        runner.ReleaseSequence(new SequenceId(0));
    }

    private static T Track<T>(List<IDisposable> loaded, T part)
        where T : IDisposable
    {
        loaded.Add(part);
        return part;
    }

    private sealed class FractionProgress(string model, IProgress<LoadProgress> progress) : IProgress<float>
    {
        public void Report(float value) => progress.Report(new LoadProgress(model, value));
    }
}
