using LLama;
using LLama.Native;
using LlamaSpec.Calibration;
using LlamaSpec.Diagnostics;
using LlamaSpec.Drafting;
using LlamaSpec.Drafting.ModelFree;
using LlamaSpec.Drafting.Selection;
using LlamaSpec.Engine;
using LlamaSpec.Gguf;
using LlamaSpec.Models;
using LlamaSpec.Policies.Costs;
using LlamaSpec.Sampling;

namespace LlamaSpec.LLamaSharp;

/// <summary>Puts an engine together from what LLamaSharp has; frees what it made where that fails.</summary>
internal sealed class PairBuilder : IDisposable
{
    private readonly LLamaSharpPairOptions _options;
    private readonly SpeculativeEngineOptions _engine;
    private readonly List<IDisposable> _made = [];
    private readonly PairMember _target;
    private PairMember? _draft;
    private TokenMap? _draftMap;
    private int _draftPaths = 1;
    private bool _targetRollsBack;
    private string _draftMissingReason = "no draft model was given";

    private PairBuilder(LLamaSharpPairOptions options, SpeculativeEngineOptions engine, PairMember target)
    {
        (_options, _engine, _target) = (options, engine, target);
        _made.Add(target.Runner);
    }

    private bool MayDraft => _engine.Drafter != DrafterChoice.None;

    /// <summary>Over weights: the runners make their contexts.</summary>
    /// <param name="weights">The models, and who frees them.</param>
    /// <param name="options">How to run them.</param>
    /// <param name="cancellationToken">Stops a calibration.</param>
    public static SpeculativeEngine Start(PairWeights weights, LLamaSharpPairOptions options, CancellationToken cancellationToken = default)
    {
        options.Validate();
        var engine = options.Engine ?? new SpeculativeEngineOptions();
        var target = weights.Target.NativeHandle;
        var sizes = RunnerSizes.For(engine, RunnerSizes.TargetPaths(LLamaSharpModel.InfoOf(target), engine));
        using var builder = new PairBuilder(
            options, engine, new PairMember(target, new LLamaSharpRunner(target, ContextFactory.ForTarget(options, sizes)), options.TargetContext));
        builder._targetRollsBack = FirstDecode.Run(builder._target.Runner);
        builder._draftMissingReason = weights.DraftMissingReason ?? builder._draftMissingReason;
        if (weights.Draft?.NativeHandle is { } draft && builder.MayDraft)
        {
            builder._draftPaths = RunnerSizes.DraftPaths(options.DraftPaths, engine);
            var draftSizes = RunnerSizes.For(engine, builder._draftPaths);
            builder.TryUseDraft(
                draft, () => weights.Files?.TryReadMap(),
                () => new PairMember(draft, new LLamaSharpRunner(draft, ContextFactory.ForDraft(options, LLamaSharpModel.InfoOf(draft), draftSizes)), options.DraftContext));
        }

        return builder.Start(weights.Files, weights.ToOwn(usesDraft: builder._draft is not null), cancellationToken);
    }

    /// <summary>Over contexts that stay the application's.</summary>
    public static SpeculativeEngine Start(LLamaContext target, LLamaContext? draft, LLamaSharpPairOptions options)
    {
        options.Validate();
        var runner = new LLamaSharpRunner(target);
        var engine = options.Engine ?? OneRequest(runner, draft);
        engine.Validate(runner);
        using var builder = new PairBuilder(options, engine, new PairMember(target.NativeHandle.ModelHandle, runner, target.Params));
        builder._targetRollsBack = FirstDecode.Run(runner);
        if (draft is not null && builder.MayDraft)
        {
            builder._draftPaths = Math.Clamp((int)draft.NativeHandle.MaxSeq / engine.ConcurrentRequests, 1, options.DraftPaths);
            var model = draft.NativeHandle.ModelHandle;
            builder.TryUseDraft(model, static () => null, () => new PairMember(model, LargeEnough(new LLamaSharpRunner(draft), engine), draft.Params));
        }

        return builder.Start(files: null, owned: [], CancellationToken.None);
    }

    public void Dispose()
    {
        foreach (var made in Enumerable.Reverse(_made))
        {
            made.Dispose();
        }
    }

    private static SpeculativeEngineOptions OneRequest(LLamaSharpRunner target, LLamaContext? draft)
    {
        var defaults = new SpeculativeEngineOptions { ConcurrentRequests = 1 };
        var cells = Math.Min(target.CellCapacity, draft is null ? int.MaxValue : (int)draft.ContextSize);
        var ahead = RunnerSizes.CellsFor(defaults) - defaults.ContextLength;
        return defaults with { ContextLength = (int)Math.Max(2, cells - ahead) };
    }

    private void TryUseDraft(SafeLlamaModelHandle model, Func<TokenMap?> readMap, Func<PairMember> create)
    {
        try
        {
            var map = _options.DraftTokenMap ?? readMap();
            var draft = LLamaSharpModel.TraitsOf(model, map);
            ThrowIfMapIsMissing(draft);
            var target = LLamaSharpModel.TraitsOf(_target.Model, map: null);
            target = target with { IsRecurrent = target.IsRecurrent || !_targetRollsBack };
            var fitness = DraftFitness.Of(target, draft);
            fitness.ThrowIfUnusable();
            var member = create();
            _made.Add(member.Runner);
            if (!FirstDecode.Run(member.Runner))
            {
                // Hybrid models do not say so.
                DraftFitness.Of(target, draft with { IsRecurrent = true }).ThrowIfUnusable();
            }

            ThrowIfMapIsOfAnother(member.Runner.Model, fitness.Vocabularies!.TokenMap);
            (_draft, _draftMap) = (member, fitness.Vocabularies.TokenMap);
        }
        catch (ModelFailureException error) when (!_options.RequireDraft)
        {
            // All that was made after the target is the draft's.
            _made.Skip(1).ToList().ForEach(static made => made.Dispose());
            _made.RemoveRange(1, _made.Count - 1);
            _draftMissingReason = $"the draft cannot be used: {error.Message}";
        }
    }

    private static void ThrowIfMapIsMissing(ModelTraits draft)
    {
        if (draft.Vocabulary is null && draft.TokenMap is null)
        {
            throw new ModelFailureException(
                "the draft has a trimmed vocabulary, and LLamaSharp's weights do not tell which tokens its rows stand for. "
                + $"Load the pair by {nameof(LLamaSharpPair)}.{nameof(LLamaSharpPair.LoadAsync)}, give {nameof(LLamaSharpPairOptions)}.{nameof(LLamaSharpPairOptions.DraftTokenMap)}, "
                + "or use a draft with the whole vocabulary.");
        }
    }

    private static void ThrowIfMapIsOfAnother(ModelInfo draft, TokenMap? map)
    {
        if (map is not null && map.RowCount != draft.VocabularySize)
        {
            throw new ModelFailureException($"the token map has {map.RowCount} entries, but the draft has {draft.VocabularySize} rows. Use the map of this draft.");
        }
    }

    private static LLamaSharpRunner LargeEnough(LLamaSharpRunner draft, SpeculativeEngineOptions engine)
    {
        var cells = engine.ConcurrentRequests * (engine.ContextLength + 1L);
        return draft.CellCapacity >= cells && draft.SequenceCapacity >= engine.ConcurrentRequests ? draft : throw new ModelFailureException(
            $"the draft's context has {draft.CellCapacity} cells and {draft.SequenceCapacity} sequences, and {engine.ConcurrentRequests} requests of {engine.ContextLength} tokens "
            + $"need {cells} and {engine.ConcurrentRequests}. Create it with a larger ContextSize and SeqMax.");
    }

    private SpeculativeEngine Start(PairFiles? files, IReadOnlyList<IDisposable> owned, CancellationToken cancellationToken)
    {
        var clock = new NativeClock(TimeProvider.System);
        var tokenizer = new LLamaSharpTokenizer(_target.Model);
        IKernels kernels = _options.Kernels is { } given ? new TimedKernels(given, clock) : new ManagedKernels();
        TokenEmbeddingFile? embeddings = null;
        var predictor = _options.LengthPredictor ?? (_draft is null ? null : files?.TryLoadPredictor(_target.Runner.Model, out embeddings));
        if (embeddings is not null)
        {
            _made.Add(embeddings);
        }

        var kept = new KeptCosts(() => PairCosts.KeyOf(_target, _draft), MayDraft ? _options.Calibration : CalibrationMode.Off);
        var engine = new SpeculativeEngine(
            new EngineParts
            {
                Target = new TimedModelRunner(_target.Runner, clock),
                Tokenizer = tokenizer,
                Kernels = kernels,
                Drafter = MayDraft ? CreateSelector(kernels, clock, TryLoadTrigrams(files, tokenizer)) : null,
                DrafterMissingReason = "the drafter is none",
                NativeClock = clock,
                Costs = CostsOf(kept, cancellationToken),
                LengthPredictor = predictor,
                Learned = kept.TryReadLearned(),
                SaveLearned = kept.WriteLearned,
                Owned = embeddings is null ? owned : [.. owned, embeddings],
            },
            _engine);
        _made.Clear(); // the engine's from here on
        return engine;
    }

    private CostProfile? CostsOf(KeptCosts kept, CancellationToken cancellationToken) => kept.ReadOrMeasure(
        progress => PairCosts.Measure(_target.Runner, _draft?.Runner, _engine.ConcurrentRequests, _options.CalibrationPlan, progress, cancellationToken), progress: null);

    private TrigramTable? TryLoadTrigrams(PairFiles? files, LLamaSharpTokenizer tokenizer) =>
        _options.Trigrams ?? (_engine.Drafter.AllowsModelFree(TrigramDrafter.DrafterName) ? files?.TryLoadTrigrams(tokenizer) : null);

    private DrafterSelector CreateSelector(IKernels kernels, NativeClock clock, TrigramTable? trigrams) => DrafterSelector.For(
        _draft is null ? null : new ModelDrafter(new TimedModelRunner(_draft.Runner, clock), _draftMap, kernels, _draftPaths),
        _draftMissingReason, trigrams, _engine, _target.Runner.Model.VocabularySize);
}
