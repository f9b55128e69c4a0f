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
            // The runner keeps the weights alive.
            using var draft = LoadModel(path, "draft", options, progress, cancellationToken);
            var fitness = DraftFitness.Of(target, draft);
            if (!fitness.IsUsable)
            {
                throw new ModelFailureException(fitness.Vocabularies is { } vocabularies
                    ? $"{vocabularies}. Use a draft that was made for this target, or of the same model family."
                    : $"{fitness.WhyUnusable}.");
            }

            var threads = options.DraftThreadCount ?? (draft.Info.ParameterCount < TinyDraftParameters ? 1 : targetThreads);
            return WithOrDispose(CreateRunner(draft, options, threads), runner =>
                new ModelDrafter(new TimedModelRunner(runner, clock), fitness.Vocabularies!.TokenMap, new TimedKernels(new NativeKernels(), clock)));
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
            CellCapacity = options.CellCapacity,
            RowCapacity = Math.Max(ChunkRows, rowsOfRounds),
            SequenceCapacity = engine.ConcurrentRequests,
            ThreadCount = threadCount,
            FlashAttention = options.FlashAttention,
            FastRows = options.FastRows,
        });
        return WithOrDispose(runner, static runner =>
        {
            WarmUp(runner);
            return runner;
        });
    }

    // The first decode maps the weights into memory and starts the threads: better while loading than in the first answer.
    internal static void WarmUp(IModelRunner runner)
    {
        var batch = new TokenBatch(1);
        batch.Add(0, 0, new SequenceId(0), wantsLogits: true);
        var status = runner.Decode(batch);
        if (status != DecodeStatus.Ok)
        {
            throw new ModelFailureException($"The first decode of {runner.Model.Description} ended with {status}: the model cannot be used.");
        }

        runner.ReleaseSequence(new SequenceId(0));
    }

    // A part that nobody owns yet, a runner above all with its whole KV cache, is freed when the next step with it fails.
    internal static TResult WithOrDispose<TPart, TResult>(TPart part, Func<TPart, TResult> next)
        where TPart : IDisposable
    {
        try
        {
            return next(part);
        }
        catch
        {
            part.Dispose();
            throw;
        }
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
