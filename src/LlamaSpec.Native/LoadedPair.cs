using LlamaSpec.Drafting;
using LlamaSpec.Drafting.ModelFree;
using LlamaSpec.Engine;
using LlamaSpec.Models;
using LlamaSpec.Policies.Ldlp;

namespace LlamaSpec.Native;

/// <summary>A target and, where it can be used, its draft: loaded, warmed up, each with an empty KV cache.</summary>
internal sealed class LoadedPair : IDisposable
{
    private LoadedPair(LlamaModel target) => Target = target;

    public LlamaModel Target { get; }

    public LlamaModelRunner TargetRunner { get; private set; } = null!;

    public int TargetThreadCount { get; private set; }

    /// <summary>null = there is no draft, or none that can be used.</summary>
    public LlamaModelRunner? DraftRunner { get; private set; }

    public int DraftThreadCount { get; private set; }

    /// <summary>Sequences of the draft for each request.</summary>
    public int DraftPaths { get; private set; } = 1;

    /// <summary>Target ids of a trimmed draft's rows; null = one vocabulary.</summary>
    public TokenMap? DraftMap { get; private set; }

    /// <summary>Why there is no draft.</summary>
    public string DraftMissingReason { get; private set; } = "no draft model was given";

    /// <summary>The pair's trained draft-length predictor; null = it has none, or none that fits.</summary>
    public LdlpPredictor? LengthPredictor { get; private set; }

    /// <summary>Tri-grams that were counted for the target's vocabulary; null = there are none.</summary>
    public TrigramTable? Trigrams { get; private set; }

    /// <summary>What the predictor reads the target's embeddings from.</summary>
    public TokenEmbeddings? Embeddings { get; private set; }

    /// <summary>Loads a pair, as <see cref="ModelPair.LoadAsync"/> says.</summary>
    public static LoadedPair Load(ModelPairOptions options, IProgress<LoadProgress>? progress, CancellationToken cancellationToken)
    {
        var target = LoadModel(options.TargetPath ?? EmbeddedPair.TargetPath, "target", options.GpuLayerCount, progress, cancellationToken);
        return WithOrDispose(new LoadedPair(target), pair =>
        {
            pair.TargetThreadCount = options.TargetThreadCount ?? new LlamaContextOptions().ThreadCount;
            pair.TargetRunner = CreateTargetRunner(target, options, pair.TargetThreadCount);
            pair.LoadTrigrams(options);
            pair.TryLoadDraft(options, progress, cancellationToken);
            return pair;
        });
    }

    /// <summary>Allocates the target's KV cache for an engine of these options, and decodes once.</summary>
    public static LlamaModelRunner CreateTargetRunner(LlamaModel target, ModelPairOptions options, int threadCount) =>
        CreateRunner(target, options, threadCount, RunnerSizes.TargetPaths(target.Info, options.Engine));

    /// <summary>Allocates a KV cache for an engine of these options, and decodes once.</summary>
    public static LlamaModelRunner CreateRunner(LlamaModel model, ModelPairOptions options, int threadCount, int pathCount)
    {
        var sizes = RunnerSizes.For(options.Engine, pathCount);
        var runner = new LlamaModelRunner(model, new LlamaContextOptions
        {
            CellCapacity = sizes.CellCapacity,
            RowCapacity = sizes.RowCapacity,
            SequenceCapacity = sizes.SequenceCapacity,
            ThreadCount = threadCount,
            FlashAttention = options.FlashAttention,
            FastRows = options.FastRows,
        });
        return WithOrDispose(runner, static runner =>
        {
            FirstDecode.Run(runner);
            return runner;
        });
    }

    /// <summary>Puts another runner of the target in place of the one there is, which is freed.</summary>
    public void ReplaceTargetRunner(LlamaModelRunner runner)
    {
        TargetRunner.Dispose();
        TargetRunner = runner;
    }

    public void Dispose()
    {
        Embeddings?.Dispose();
        DraftRunner?.Dispose();
        TargetRunner?.Dispose();
        Target.Dispose();
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

    private void TryLoadDraft(ModelPairOptions options, IProgress<LoadProgress>? progress, CancellationToken cancellationToken)
    {
        // With no drafter nobody would own the draft's runner.
        if (options.DraftPathInUse is not { } path || options.Engine.Drafter == DrafterChoice.None)
        {
            return;
        }

        try
        {
            // The runner keeps the weights alive.
            using var draft = LoadModel(path, "draft", options.DraftGpuLayerCountInUse, progress, cancellationToken);
            var fitness = DraftFitness.Of(Target.ReadTraits(), draft.ReadTraits());
            fitness.ThrowIfUnusable();
            DraftMap = fitness.Vocabularies!.TokenMap;
            DraftThreadCount = options.DraftThreadCount ?? RunnerSizes.DraftThreads(draft.Info, TargetThreadCount);
            DraftPaths = RunnerSizes.DraftPaths(options.DraftPaths, options.Engine);
            DraftRunner = CreateRunner(draft, options, DraftThreadCount, DraftPaths);
            TryLoadPredictor(path);
        }
        catch (Exception error) when (!options.RequireDraft && error is ModelFailureException or FileNotFoundException)
        {
            DraftMissingReason = $"the draft cannot be used: {error.Message}";
        }
    }

    // A file that was named must be there and fit; one beside the target is taken where it fits.
    private void LoadTrigrams(ModelPairOptions options)
    {
        if (!options.Engine.Drafter.AllowsModelFree(TrigramDrafter.DrafterName))
        {
            return;
        }

        Trigrams = TrigramFile.TryLoad(options.TrigramPath ?? TrigramFile.PathFor(Target.FilePath), Target.Tokenizer, out var reason);
        if (Trigrams is null && options.TrigramPath is not null)
        {
            throw new ModelFailureException($"{reason}.");
        }
    }

    // Nothing depends on it but the policies that ask for it.
    private void TryLoadPredictor(string draftPath)
    {
        if (LdlpFile.TryLoad(draftPath, Target.FilePath, Target.Info, out _) is not { } weights)
        {
            return;
        }

        try
        {
            Embeddings = new TokenEmbeddings(Target.FilePath);
            LengthPredictor = Embeddings.Width == weights.HiddenSize ? new LdlpPredictor(weights, Embeddings.Read) : null;
        }
        catch (ModelFailureException)
        {
            // A target in several files, for example.
        }
    }

    private static LlamaModel LoadModel(
        string path, string name, int gpuLayerCount, IProgress<LoadProgress>? progress, CancellationToken cancellationToken)
    {
        var fraction = progress is null ? null : new FractionProgress(name, progress);
        return LlamaModel.Load(path, new LlamaModelOptions { GpuLayerCount = gpuLayerCount }, fraction, cancellationToken);
    }

    private sealed class FractionProgress(string model, IProgress<LoadProgress> progress) : IProgress<float>
    {
        public void Report(float value) => progress.Report(new LoadProgress(model, value));
    }
}
