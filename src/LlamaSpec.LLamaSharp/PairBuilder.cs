using LLama;
using LLama.Abstractions;
using LLama.Common;
using LLama.Native;
using LlamaSpec.Diagnostics;
using LlamaSpec.Drafting;
using LlamaSpec.Drafting.ModelFree;
using LlamaSpec.Drafting.Selection;
using LlamaSpec.Engine;
using LlamaSpec.Gguf;
using LlamaSpec.Models;
using LlamaSpec.Sampling;

namespace LlamaSpec.LLamaSharp;

/// <summary>Puts an engine together from what LLamaSharp has; frees what it made where that fails.</summary>
internal sealed class PairBuilder : IDisposable
{
    // More threads than that rarely pay.
    private const int MostThreads = 8;

    private readonly LLamaSharpPairOptions _options;
    private readonly SpeculativeEngineOptions _engine;
    private readonly List<IDisposable> _made = [];
    private readonly LLamaSharpRunner _target;
    private readonly SafeLlamaModelHandle _targetModel;
    private LLamaSharpRunner? _draft;
    private TokenMap? _draftMap;
    private int _draftPaths = 1;
    private string _draftMissingReason = "no draft model was given";

    private PairBuilder(SafeLlamaModelHandle targetModel, LLamaSharpPairOptions options, SpeculativeEngineOptions engine, Func<LLamaSharpRunner> target)
    {
        (_targetModel, _options, _engine) = (targetModel, options, engine);
        _target = Keep(target());
    }

    /// <summary>Over weights: the runners make their contexts.</summary>
    public static SpeculativeEngine Start(
        LLamaWeights target, LLamaWeights? draft, LLamaSharpPairOptions options, bool ownsWeights, PairFiles? files = null, string? draftMissingReason = null)
    {
        options.Validate();
        var engine = options.Engine ?? new SpeculativeEngineOptions();
        var info = LLamaSharpModel.InfoOf(target.NativeHandle);
        var sizes = RunnerSizes.For(engine, RunnerSizes.TargetPaths(info, engine));
        using var builder = new PairBuilder(
            target.NativeHandle, options, engine, () => new LLamaSharpRunner(target.NativeHandle, Sized(options.TargetContext, sizes)));
        FirstDecode.Run(builder._target);
        if (draft is not null)
        {
            var paths = RunnerSizes.DraftPaths(options.DraftPaths, engine);
            builder.TryUseDraft(draft.NativeHandle, files, paths, () => new LLamaSharpRunner(draft.NativeHandle, DraftContext(options, draft, RunnerSizes.For(engine, paths))));
        }
        else
        {
            builder._draftMissingReason = draftMissingReason ?? builder._draftMissingReason;
        }

        return builder.Start(files, ownsWeights ? builder.WeightsToOwn(target, draft) : []);
    }

    /// <summary>Over contexts that stay the application's.</summary>
    public static SpeculativeEngine Start(LLamaContext target, LLamaContext? draft, LLamaSharpPairOptions options)
    {
        options.Validate();
        var runner = new LLamaSharpRunner(target);
        var engine = options.Engine ?? OneRequest(runner, draft);
        engine.Validate(runner);
        using var builder = new PairBuilder(target.NativeHandle.ModelHandle, options, engine, () => runner);
        FirstDecode.Run(builder._target);
        if (draft is not null)
        {
            var paths = Math.Clamp((int)draft.NativeHandle.MaxSeq / engine.ConcurrentRequests, 1, options.DraftPaths);
            builder.TryUseDraft(draft.NativeHandle.ModelHandle, files: null, paths, () => new LLamaSharpRunner(draft));
        }

        return builder.Start(files: null, []);
    }

    public void Dispose()
    {
        foreach (var made in Enumerable.Reverse(_made))
        {
            made.Dispose();
        }
    }

    // Nobody needs the weights of a draft that cannot be used.
    private IDisposable[] WeightsToOwn(LLamaWeights target, LLamaWeights? draft)
    {
        if (_draft is not null)
        {
            return [target, draft!];
        }

        draft?.Dispose();
        return [target];
    }

    private static SpeculativeEngineOptions OneRequest(LLamaSharpRunner target, LLamaContext? draft)
    {
        var defaults = new SpeculativeEngineOptions { ConcurrentRequests = 1 };
        var cells = Math.Min(target.CellCapacity, draft is null ? int.MaxValue : (int)draft.ContextSize);
        var ahead = RunnerSizes.CellsFor(defaults) - defaults.ContextLength;
        return defaults with { ContextLength = (int)Math.Max(2, cells - ahead) };
    }

    private void TryUseDraft(SafeLlamaModelHandle model, PairFiles? files, int paths, Func<LLamaSharpRunner> create)
    {
        try
        {
            var map = _options.DraftTokenMap ?? files?.TryReadMap();
            var fitness = DraftFitness.Of(LLamaSharpModel.TraitsOf(_targetModel, map: null), LLamaSharpModel.TraitsOf(model, map));
            if (!fitness.IsUsable)
            {
                throw new ModelFailureException(WhyUnusable(model, fitness));
            }

            (_draft, _draftMap, _draftPaths) = (CreateDraft(create), fitness.Vocabularies!.TokenMap, paths);
        }
        catch (ModelFailureException error) when (!_options.RequireDraft)
        {
            _draftMissingReason = $"the draft cannot be used: {error.Message}";
        }
    }

    private LLamaSharpRunner CreateDraft(Func<LLamaSharpRunner> create)
    {
        var draft = create();
        try
        {
            FirstDecode.Run(draft);
        }
        catch
        {
            draft.Dispose();
            throw;
        }

        return Keep(draft);
    }

    private string WhyUnusable(SafeLlamaModelHandle model, DraftFitness fitness) =>
        !LLamaSharpModel.HasVocabulary(model) && fitness.Vocabularies?.TokenMap is null
            ? $"the draft has a trimmed vocabulary, and LLamaSharp's weights do not tell which tokens its rows stand for. Load the pair by {nameof(LLamaSharpPair)}.{nameof(LLamaSharpPair.LoadAsync)}, "
                + $"give {nameof(LLamaSharpPairOptions)}.{nameof(LLamaSharpPairOptions.DraftTokenMap)}, or use a draft with the whole vocabulary."
            : fitness.Vocabularies is { } vocabularies
                ? $"{vocabularies}. Use a draft that was made for this target, or of the same model family."
                : $"{fitness.WhyUnusable}.";

    private SpeculativeEngine Start(PairFiles? files, IReadOnlyList<IDisposable> weights)
    {
        var clock = new NativeClock(TimeProvider.System);
        var tokenizer = new LLamaSharpTokenizer(_targetModel);
        IKernels kernels = _options.Kernels is { } given ? new TimedKernels(given, clock) : new ManagedKernels();
        var trigrams = _options.Trigrams ?? (_engine.Drafter.AllowsModelFree(TrigramDrafter.DrafterName) ? files?.TryLoadTrigrams(tokenizer) : null);
        TokenEmbeddingFile? embeddings = null;
        var predictor = _options.LengthPredictor ?? (_draft is null ? null : files?.TryLoadPredictor(_target.Model, out embeddings));
        if (embeddings is not null)
        {
            Keep(embeddings);
        }

        var engine = new SpeculativeEngine(
            new EngineParts
            {
                Target = new TimedModelRunner(_target, clock),
                Tokenizer = tokenizer,
                Kernels = kernels,
                Drafter = _engine.Drafter == DrafterChoice.None ? null : CreateSelector(kernels, clock, trigrams),
                DrafterMissingReason = "the drafter is none",
                NativeClock = clock,
                Costs = _options.Costs,
                LengthPredictor = predictor,
                Owned = embeddings is null ? weights : [.. weights, embeddings],
            },
            _engine);
        _made.Clear(); // the engine's from here on
        return engine;
    }

    private DrafterSelector CreateSelector(IKernels kernels, NativeClock clock, TrigramTable? trigrams) => new(
        _draft is null ? null : new ModelDrafter(new TimedModelRunner(_draft, clock), _draftMap, kernels, _draftPaths),
        _draftMissingReason, () => ModelFreeDrafters.Create(_engine.ContextLength, trigrams),
        _engine.ConcurrentRequests, Math.Max(_engine.MaximumTreeNodes, _engine.MaximumDraftLength), _target.Model.VocabularySize);

    private static LLamaContextParams Sized(IContextParams? parameters, RunnerSizes sizes, int? threads = null)
    {
        var native = LLamaSharpRunner.ToNative(parameters ?? new ModelParams(string.Empty) { Threads = threads ?? Math.Min(Environment.ProcessorCount, MostThreads) });
        native.n_threads_batch = parameters?.BatchThreads is null ? native.n_threads : native.n_threads_batch;
        native.n_ctx = (uint)sizes.CellCapacity;
        native.n_batch = (uint)sizes.RowCapacity;
        native.n_seq_max = (uint)sizes.SequenceCapacity;
        return native;
    }

    private static LLamaContextParams DraftContext(LLamaSharpPairOptions options, LLamaWeights draft, RunnerSizes sizes)
    {
        var native = Sized(options.DraftContext ?? options.TargetContext, sizes);
        if (options.DraftContext?.Threads is null)
        {
            native.n_threads = native.n_threads_batch = RunnerSizes.DraftThreads(LLamaSharpModel.InfoOf(draft.NativeHandle), native.n_threads);
        }

        return native;
    }

    private T Keep<T>(T made)
        where T : IDisposable
    {
        _made.Add(made);
        return made;
    }
}
