using LlamaSpec.Drafting;
using LlamaSpec.Drafting.ModelFree;
using LlamaSpec.Drafting.Selection;
using LlamaSpec.Engine;
using LlamaSpec.Policies;
using LlamaSpec.Sampling;
using LlamaSpec.Tests.Engine;
using LlamaSpec.Tests.Fakes;
using LlamaSpec.Verification;

namespace LlamaSpec.Tests.Drafting.Selection;

/// <summary>Engines whose drafts need no model: trees with branches, verified by sample-and-match.</summary>
public class ModelFreeEngineTests
{
    private const int Requests = 4;
    private const int Sequences = 32;

    private static readonly GenerationRequest Greedy = new() { Prompt = "hello", MaximumTokens = 120, Sampling = SamplingOptions.Greedy, Policy = PolicyChoice.Fixed(8) };

    [Test]
    public async Task AnswersAreDistributedAsTheTargetAlone(
        [Values("fixed:8", "fixed:3", "auto")] string policy, [Values] bool isVerifiedTogether, [Values(1f, 1.1f)] float frequencyPenalty)
    {
        var target = Target(EngineLosslessnessTests.Vocabulary, seed: 11, spread: 1.2f);
        target.HasLogitsBlock = isVerifiedTogether;
        await using var engine = Engine(target, () => [new ScriptedTreeDrafter(EngineLosslessnessTests.Vocabulary)], contextLength: 64);

        var counts = await EngineLosslessnessTests.CountAnswersAsync(engine, PolicyChoice.Parse(policy), frequencyPenalty == 1 ? 0 : frequencyPenalty);

        var expected = EngineLosslessnessTests.ExpectedProbabilities(target, frequencyPenalty == 1 ? 0 : frequencyPenalty);
        Assert.That(EngineLosslessnessTests.ChiSquarePValue(counts, expected), Is.GreaterThan(EngineLosslessnessTests.Significance));
    }

    [Test]
    public async Task SampledNodesBesideCertainOnesKeepTheDistribution([Values] bool isVerifiedTogether)
    {
        var target = Target(EngineLosslessnessTests.Vocabulary, seed: 11, spread: 1.2f);
        target.HasLogitsBlock = isVerifiedTogether;
        var parts = TestEngine.Parts(target, null) with { Drafter = new HybridDrafter(target.Disturbed(5, 0.8f), EngineLosslessnessTests.Vocabulary) };
        await using var engine = new SpeculativeEngine(parts, Options(64));

        var counts = await EngineLosslessnessTests.CountAnswersAsync(engine, PolicyChoice.Fixed(8));

        Assert.That(
            EngineLosslessnessTests.ChiSquarePValue(counts, EngineLosslessnessTests.ExpectedProbabilities(target)), Is.GreaterThan(EngineLosslessnessTests.Significance));
    }

    [Test]
    public async Task TreesDrawnWithoutReplacementKeepTheDistribution([Values] VerificationRule rule, [Values] bool isVerifiedTogether)
    {
        var target = Target(EngineLosslessnessTests.Vocabulary, seed: 11, spread: 1.2f);
        target.HasLogitsBlock = isVerifiedTogether;
        var parts = TestEngine.Parts(target, null) with { Drafter = new DrawnTreeDrafter(target.Disturbed(5, 0.8f), EngineLosslessnessTests.Vocabulary) };
        await using var engine = new SpeculativeEngine(parts, Options(64) with { Verification = rule });

        var counts = await EngineLosslessnessTests.CountAnswersAsync(engine, PolicyChoice.Fixed(8));

        Assert.That(
            EngineLosslessnessTests.ChiSquarePValue(counts, EngineLosslessnessTests.ExpectedProbabilities(target)), Is.GreaterThan(EngineLosslessnessTests.Significance));
    }

    [Test]
    public async Task GreedyTextIsThatOfPlainDecoding([Range(1, 6)] int seed, [Values] bool isVerifiedTogether)
    {
        var target = Target(12, seed);
        target.HasLogitsBlock = isVerifiedTogether;
        await using var plain = TestEngine.Create(target.Disturbed(0, 0), null);
        await using var engine = Engine(target, () => [new ScriptedTreeDrafter(12, nodeCount: 24)]);

        var expected = await plain.CompleteAsync(Greedy);
        var results = await Task.WhenAll(Enumerable.Range(0, Requests).Select(_ => engine.CompleteAsync(Greedy)));

        foreach (var result in results)
        {
            Assert.That(result.Tokens, Is.EqualTo(expected.Tokens));
            Assert.That(result.LogProbabilities, Is.EqualTo(expected.LogProbabilities).Within(1e-5f));
            Assert.That(result.Stats.AcceptedTokens, Is.Positive);
        }
    }

    [Test]
    public async Task TheKvCacheHoldsTheCommittedTokensAndNoBranch()
    {
        var target = Target(12, seed: 3);
        await using var engine = Engine(target, () => [new ScriptedTreeDrafter(12, nodeCount: 24)]);

        var result = await engine.CompleteAsync(Greedy with { PromptTokens = [1, 2, 3], Prompt = null });

        Assert.That(result.Stats.DraftedTokens, Is.GreaterThan(result.Stats.Rounds), "Trees were drafted.");
        int[] committed = [1, 2, 3, .. result.Tokens];
        Assert.That(target.Cells(0), Is.EqualTo(committed[..^1]));
        Assert.That(Enumerable.Range(1, Sequences - 1).Select(target.Cells), Is.All.Empty);
    }

    [Test]
    public async Task AnAbortedStepLeavesNoBranch()
    {
        var target = Target(12, seed: 3);
        await using var engine = Engine(target, () => [new ScriptedTreeDrafter(12, nodeCount: 24)]);
        var expected = await engine.CompleteAsync(Greedy);
        var decodes = 0;
        target.AbortAfterRow = row => row == 3 && ++decodes % 3 == 0;

        var result = await engine.CompleteAsync(Greedy);

        Assert.That(decodes, Is.GreaterThan(10), "Steps were aborted.");
        Assert.That(result.Tokens, Is.EqualTo(expected.Tokens));
        Assert.That(Enumerable.Range(Requests, Sequences - Requests).Select(target.Cells), Is.All.Empty);
    }

    [Test]
    public async Task CopiedTextIsDraftedFromTheTextItself([Values("suffix", "ngram", "free", "auto")] string drafter)
    {
        // A chain of tokens without a choice: what was seen once comes again.
        var target = Target(12, seed: 3, spread: 40);
        await using var engine = Engine(target, () => ModelFreeDrafters.Create(4096));

        var result = await engine.CompleteAsync(Greedy with { Drafter = DrafterChoice.Parse(drafter), MaximumTokens = 300 });

        Assert.That(result.Stats.MeanAcceptanceLength, Is.GreaterThan(3));
        Assert.That(result.Stats.DisabledReason, Is.Null);
    }

    [Test]
    public async Task ACopiedTailBehindAModelsDraftKeepsTheDistribution([Values] bool isVerifiedTogether)
    {
        var target = Target(EngineLosslessnessTests.Vocabulary, seed: 11, spread: 1.2f);
        target.HasLogitsBlock = isVerifiedTogether;
        var draft = new ModelDrafter(target.Disturbed(12, 0.5f), null, new ManagedKernels());
        await using var engine = Engine(target, () => [new ScriptedTreeDrafter(EngineLosslessnessTests.Vocabulary, nodeCount: 3)], contextLength: 64, draft);

        // The policy has no prices, so drafts of the model count as one accepted token each and are mostly preferred.
        var counts = await EngineLosslessnessTests.CountAnswersAsync(engine, PolicyChoice.Parse("confidence"));

        Assert.That(
            EngineLosslessnessTests.ChiSquarePValue(counts, EngineLosslessnessTests.ExpectedProbabilities(target)), Is.GreaterThan(EngineLosslessnessTests.Significance));
    }

    [Test]
    public async Task AModelsDraftIsLengthenedByCopy()
    {
        // The draft is right, and the policy stops it at two tokens; what was seen before goes on.
        var target = Target(12, seed: 3, spread: 40);
        await using var engine = Engine(target, () => [new NGramDrafter()], contextLength: 4096, new ModelDrafter(target.Disturbed(0, 0), null, new ManagedKernels()));

        var result = await engine.CompleteAsync(Greedy with { Policy = PolicyChoice.Custom("two", static _ => new TwoPasses()), Explain = true, MaximumTokens = 300 });

        Assert.That(result.Rounds.Select(static round => round.Outcome.DraftedBy), Has.Some.EqualTo("model+ngram"));
        Assert.That(result.Stats.MeanAcceptanceLength, Is.GreaterThan(4));
    }

    [Test]
    public async Task NobodyDraftsWhereNobodyMay([Values("none", "model")] string drafter)
    {
        await using var engine = Engine(Target(12, seed: 3), () => [new ScriptedTreeDrafter(12)]);
        var result = await engine.CompleteAsync(Greedy with { Drafter = DrafterChoice.Parse(drafter) });
        Assert.That(result.Stats.DraftedTokens, Is.Zero);
        Assert.That(result.Stats.DisabledReason, Does.Contain("no draft model"));
    }

    [Test]
    public async Task ADrafterThatThrowsIsLeftOutAndTheOthersGoOn([Values("begin", "append", "propose")] string where)
    {
        var target = Target(12, seed: 3, spread: 40);
        await using var plain = TestEngine.Create(target.Disturbed(0, 0), null);
        var broken = new List<ScriptedTreeDrafter>();
        await using var engine = Engine(target, () =>
        {
            Action fail = static () => throw new InvalidOperationException("broken");
            broken.Add(new ScriptedTreeDrafter(12)
            {
                OnBegin = where == "begin" ? fail : null,
                OnAppend = where == "append" ? fail : null,
                OnPropose = where == "propose" ? _ => fail() : null,
            });
            return [broken[^1], new NGramDrafter()];
        });

        var result = await engine.CompleteAsync(Greedy);

        Assert.That(result.Tokens, Is.EqualTo((await plain.CompleteAsync(Greedy)).Tokens));
        Assert.That(result.Stats.AcceptedTokens, Is.Positive, "The other one drafts.");
    }

    [Test]
    public async Task ForeignTokensAreNotDecoded([Values(-1, 12, int.MaxValue)] int token)
    {
        var target = Target(12, seed: 3);
        await using var plain = TestEngine.Create(target.Disturbed(0, 0), null);
        await using var engine = Engine(target, () => [new ScriptedTreeDrafter(12) { OnPropose = tree => tree.Add(TokenTree.Anchor, token, 1, isSampled: false) }]);

        var result = await engine.CompleteAsync(Greedy);

        Assert.That(result.Tokens, Is.EqualTo((await plain.CompleteAsync(Greedy)).Tokens));
        Assert.That(result.Stats.DraftedTokens, Is.Zero);
    }

    [Test]
    public async Task AProposalThatIsTooLargeIsCut([Values] bool isDeep)
    {
        var target = Target(12, seed: 3);
        await using var plain = TestEngine.Create(target.Disturbed(0, 0), null);
        await using var engine = Engine(target, () =>
        [
            new ScriptedTreeDrafter(12)
            {
                OnPropose = tree =>
                {
                    for (var i = 0; i < 500; i++)
                    {
                        tree.Add(isDeep ? tree.Count - 1 : TokenTree.Anchor, i % 12, 0.9f, isSampled: false);
                    }
                },
            },
        ]);

        var result = await engine.CompleteAsync(Greedy with { Policy = PolicyChoice.Fixed(16) });

        Assert.That(result.Tokens, Is.EqualTo((await plain.CompleteAsync(Greedy)).Tokens));
        Assert.That(result.Stats.DraftedTokens, Is.Positive);
    }

    [Test]
    public async Task AutoDraftsWhereRowsAreCheapAndNotWhereTheyAreDear([Values] bool isCheap)
    {
        var target = Target(12, seed: 3, spread: 40);
        var costs = TestEngine.CheapDrafts with
        {
            Verify = [new LlamaSpec.Policies.Costs.VerifyCurve(0, [new(1, 10), new(2, isCheap ? 10.5 : 20.5)])],
            Draft = null,
        };
        await using var engine = new SpeculativeEngine(
            TestEngine.Parts(target, null) with { Drafter = Selector(target, () => ModelFreeDrafters.Create(4096)), Time = new TestEngine.StandingClock(), Costs = costs }, Options(4096));

        var result = await engine.CompleteAsync(Greedy with { Policy = PolicyChoice.Auto, MaximumTokens = 300 });

        Assert.That(result.Stats.DraftedTokens > 100, Is.EqualTo(isCheap));
    }

    private static MarkovModelRunner Target(int vocabularySize, int seed, float spread = 2) =>
        MarkovModelRunner.Random(vocabularySize, seed, spread, sequenceCount: Sequences);

    private static SpeculativeEngineOptions Options(int contextLength) => new() { ContextLength = contextLength, ConcurrentRequests = Requests };

    private static DrafterSelector Selector(MarkovModelRunner target, Func<IReadOnlyList<IModelFreeDrafter>> drafters, IDrafter? model = null) =>
        new(model, null, drafters, Requests, nodeCapacity: 32, target.Model.VocabularySize);

    private static SpeculativeEngine Engine(MarkovModelRunner target, Func<IReadOnlyList<IModelFreeDrafter>> drafters, int contextLength = 4096, IDrafter? model = null) =>
        new(TestEngine.Parts(target, null) with { Drafter = Selector(target, drafters, model), Time = new TestEngine.StandingClock(), Costs = TestEngine.CheapDrafts }, Options(contextLength));

    // Two passes by the model, and all of what is copied.
    private sealed class TwoPasses : IDraftLengthPolicy
    {
        public bool BeforePass(in DraftProgress progress) => progress.DraftedCount < 2;

        public bool BeforeSampling(in DraftProgress progress, in RowStatistics distribution) => true;

        public int NodesWorth(in DraftProgress progress, ReadOnlySpan<double> survival, out double value)
        {
            value = 1;
            return progress.DraftedCount == 0 ? 0 : survival.Length;
        }

        public void Observe(in RoundOutcome outcome)
        {
        }
    }
}
