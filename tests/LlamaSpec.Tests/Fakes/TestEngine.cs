using LlamaSpec.Drafting;
using LlamaSpec.Engine;
using LlamaSpec.Policies;
using LlamaSpec.Policies.Costs;
using LlamaSpec.Sampling;

namespace LlamaSpec.Tests.Fakes;

/// <summary>Engines over Markov chains.</summary>
internal static class TestEngine
{
    /// <summary>An engine. Requests that name no policy get AdaEDL: the default follows the clock, and models this fast have none.</summary>
    public static SpeculativeEngine Create(
        MarkovModelRunner target, MarkovModelRunner? draft, SpeculativeEngineOptions? options = null, CharacterTokenizer? tokenizer = null)
    {
        options ??= new SpeculativeEngineOptions { ContextLength = 4096 };
        return new SpeculativeEngine(Parts(target, draft, tokenizer), options.Policy == PolicyChoice.Auto ? options with { Policy = PolicyChoice.AdaEdl } : options);
    }

    /// <summary>
    /// An engine whose clock stands still, with a profile on which drafts pay: policies that look at times then decide by the
    /// profile alone, and the same way each time.
    /// </summary>
    public static SpeculativeEngine CreateTimeless(MarkovModelRunner target, MarkovModelRunner draft, SpeculativeEngineOptions? options = null) =>
        new(Parts(target, draft) with { Time = new StandingClock(), Costs = CheapDrafts }, options ?? new SpeculativeEngineOptions { ContextLength = 4096 });

    /// <summary>An engine whose draft has so many paths for each request.</summary>
    public static SpeculativeEngine CreateBranching(MarkovModelRunner target, MarkovModelRunner draft, int draftPaths, SpeculativeEngineOptions? options = null) =>
        new(Parts(target, null) with { Drafter = new ModelDrafter(draft, null, new ManagedKernels(), draftPaths) },
            options ?? new SpeculativeEngineOptions { ContextLength = 4096 });

    public static EngineParts Parts(MarkovModelRunner target, MarkovModelRunner? draft, CharacterTokenizer? tokenizer = null) => new()
    {
        Target = target,
        Tokenizer = tokenizer ?? new CharacterTokenizer(target.Model.VocabularySize),
        Kernels = new ManagedKernels(),
        Drafter = draft is null ? null : new ModelDrafter(draft, null, new ManagedKernels()),
    };

    public static CostProfile CheapDrafts { get; } = new()
    {
        Verify = [new VerifyCurve(0, [new CostPoint(1, 10), new CostPoint(2, 10.5)])],
        Draft = new DraftCosts(0.5, 0.5, 0.05, 0.05),
        TargetThreadCount = 1,
    };

    internal sealed class StandingClock : TimeProvider
    {
        public override long GetTimestamp() => 0;
    }
}
