using LlamaSpec.Engine;
using LlamaSpec.Models;
using LlamaSpec.Policies;
using LlamaSpec.Sampling;
using LlamaSpec.Tests.Fakes;

namespace LlamaSpec.Tests.Engine;

/// <summary>After rounds with trees both KV caches hold what was committed, and no branch anything.</summary>
public class EngineTreeCacheTests
{
    private static readonly GenerationRequest Request = new()
    {
        Prompt = "abcdefghij", MaximumTokens = 60, Sampling = SamplingOptions.Greedy, Policy = PolicyChoice.Parse("tree:3x4"),
    };

    private MarkovModelRunner _target = null!;
    private MarkovModelRunner _draft = null!;

    [SetUp]
    public void SetUp()
    {
        _target = MarkovModelRunner.Random(20, 1, sequenceCount: 24);
        _draft = _target.Disturbed(2, 0.7f);
    }

    [TearDown]
    public void TearDown()
    {
        _target.Dispose();
        _draft.Dispose();
    }

    [Test]
    public async Task EveryStepLeavesTheCommittedTokensAlone([Values(1, 3)] int draftPaths, [Values(0f, 0.9f)] float temperature)
    {
        // Looked at where the next step begins: the draft's first decode for the target, the target's for the draft.
        await using var engine = Create(draftPaths);
        var request = Request with { Sampling = new SamplingOptions { Temperature = temperature, Seed = 3 } };
        var (steps, isDrafting) = (0, false);
        _draft.OnDecode = _ =>
        {
            if (!isDrafting)
            {
                isDrafting = true;
                steps++;
                AssertNoBranches(_target, slots: 2);
                AssertNoBranches(_draft, slots: 24 / draftPaths);
            }

            return null;
        };
        _target.OnDecode = _ =>
        {
            isDrafting = false;
            return null;
        };
        var results = await Task.WhenAll(engine.CompleteAsync(request), engine.CompleteAsync(request with { Prompt = "klm" }));
        Assert.That(steps, Is.GreaterThan(10));
        Assert.That(results.Sum(static result => result.Stats.AcceptedTokens), Is.Positive);
        AssertCommitted(results, [Request.Prompt!, "klm"]);
        AssertNoBranches(_target, slots: 2);
        AssertNoBranches(_draft, slots: 24 / draftPaths);
    }

    [Test]
    public async Task AnAbortedOrCrowdedStepLeavesNoBranch(
        [Values] bool isDraft, [Values(DecodeStatus.Aborted, DecodeStatus.NoKvSlot)] DecodeStatus status, [Range(1, 12)] int decode)
    {
        await using var engine = Create(draftPaths: 3);
        var expected = await engine.CompleteAsync(Request);
        var seen = 0;
        var model = isDraft ? _draft : _target;
        model.OnDecode = _ => ++seen == decode ? status : null;
        var results = await Task.WhenAll(
            CompleteAsync(engine, Request),
            CompleteAsync(engine, Request with { Prompt = "klmnop" }));
        model.OnDecode = null;
        AssertNoBranches(_target, slots: 2);
        AssertNoBranches(_draft, slots: 8);
        Assert.That(results[0]?.Tokens ?? expected.Tokens, Is.EqualTo(expected.Tokens));
        Assert.That((await engine.CompleteAsync(Request)).Tokens, Is.EqualTo(expected.Tokens));
        AssertNoBranches(_target, slots: 2);
    }

    [Test]
    public async Task CancellingInTheMiddleOfAStepLeavesNoBranch([Values] bool isDraft, [Range(2, 10)] int decode)
    {
        await using var engine = Create(draftPaths: 3);
        var expected = await engine.CompleteAsync(Request);
        using var cancellation = new CancellationTokenSource();
        var seen = 0;
        var model = isDraft ? _draft : _target;
        model.OnDecode = _ =>
        {
            if (++seen == decode)
            {
                cancellation.Cancel();
            }

            return null;
        };
        Assert.That(async () => await engine.CompleteAsync(Request, cancellation.Token), Throws.InstanceOf<OperationCanceledException>());
        model.OnDecode = null;
        AssertNoBranches(_target, slots: 2);
        AssertNoBranches(_draft, slots: 8);
        Assert.That((await engine.CompleteAsync(Request)).Tokens, Is.EqualTo(expected.Tokens));
    }

    [Test]
    public async Task AStopInsideAnAcceptedBranchCutsThere([Values(1, 3)] int draftPaths)
    {
        await using var engine = Create(draftPaths);
        var whole = await engine.CompleteAsync(Request);
        for (var length = 1; length < 40; length++)
        {
            // The token limit keeps drafts short; a stop text does not, and strikes anywhere in them.
            var stop = whole.Text[(length - 1)..length];
            if (whole.Text.IndexOf(stop, StringComparison.Ordinal) < length - 1)
            {
                continue;
            }

            var cut = await engine.CompleteAsync(Request with { StopTexts = [stop] });
            Assert.That(cut.Tokens, Is.EqualTo(whole.Tokens.Take(length)));
            AssertNoBranches(_target, slots: 2);
            AssertNoBranches(_draft, slots: 24 / draftPaths);
            AssertCommitted([cut], [Request.Prompt!]);
        }
    }

    private static async Task<GenerationResult?> CompleteAsync(SpeculativeEngine engine, GenerationRequest request)
    {
        try
        {
            return await engine.CompleteAsync(request);
        }
        catch (ModelFailureException)
        {
            // A target that says that even one request is too much ends it.
            return null;
        }
    }

    private SpeculativeEngine Create(int draftPaths) =>
        TestEngine.CreateBranching(_target, _draft, draftPaths, new SpeculativeEngineOptions { ContextLength = 256, ConcurrentRequests = 2 });

    // Some slot holds each text, as far as it was decoded, and nothing else.
    private void AssertCommitted(GenerationResult[] results, string[] prompts)
    {
        var tokenizer = new CharacterTokenizer(20);
        for (var i = 0; i < results.Length; i++)
        {
            int[] text = [.. tokenizer.Encode(prompts[i], addSpecial: true, parseSpecial: false), .. results[i].Tokens];
            foreach (var model in (MarkovModelRunner[])[_target, _draft])
            {
                Assert.That(
                    Enumerable.Range(0, 2).Select(slot => model.Cells(slot)).Any(cells => cells.Count > text.Length - 8 && cells.SequenceEqual(text.Take(cells.Count))),
                    Is.True);
            }
        }
    }

    private static void AssertNoBranches(MarkovModelRunner model, int slots) =>
        Assert.That(Enumerable.Range(slots, model.SequenceCapacity - slots).Select(sequence => model.Cells(sequence).Count), Is.All.Zero);
}
