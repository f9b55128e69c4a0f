using LlamaSpec.Engine;
using LlamaSpec.Models;
using LlamaSpec.Policies;
using LlamaSpec.Sampling;
using LlamaSpec.Tests.Fakes;

namespace LlamaSpec.Tests.Engine;

/// <summary>Many requests, little room, long prompts.</summary>
public class EngineSchedulingTests
{
    [Test]
    public async Task RequestsServedTogetherGetTheTextTheyGetAlone([Values("off", "fixed:4", "adaedl")] string policy)
    {
        var target = MarkovModelRunner.Random(30, 1);
        await using var engine = TestEngine.Create(target, target.Disturbed(2, 0.5f), new SpeculativeEngineOptions { ContextLength = 400, ConcurrentRequests = 8, Policy = PolicyChoice.Parse(policy) });
        GenerationRequest[] requests = [.. Enumerable.Range(0, 20).Select(i => new GenerationRequest
        {
            PromptTokens = [.. Enumerable.Range(0, 1 + (i * 13)).Select(j => ((i * 7) + j) % 30)],
            MaximumTokens = 30 + i,
            Sampling = SamplingOptions.Greedy,
        })];
        List<GenerationResult> alone = [];
        foreach (var request in requests)
        {
            alone.Add(await engine.CompleteAsync(request));
        }

        var together = await Task.WhenAll(requests.Select(request => engine.CompleteAsync(request)));

        Assert.That(together.Select(result => result.Tokens), Is.EqualTo(alone.Select(result => result.Tokens)));
    }

    [Test]
    public async Task ARunningStepServesAllRequestsInOneDecode()
    {
        var target = MarkovModelRunner.Random(30, 1);
        await using var engine = TestEngine.Create(target, null, new SpeculativeEngineOptions { ContextLength = 400, ConcurrentRequests = 4 });
        using var gate = new ManualResetEventSlim();
        target.OnDecode = _ =>
        {
            gate.Wait();
            return null;
        };
        var tasks = Enumerable.Range(0, 4).Select(i => engine.CompleteAsync(new GenerationRequest { PromptTokens = [i], MaximumTokens = 100, Sampling = SamplingOptions.Greedy })).ToArray();
        gate.Set();
        await Task.WhenAll(tasks);

        // One after the other it would be 400; the first step may have begun with a single request.
        Assert.That(target.DecodeCount, Is.LessThanOrEqualTo(110));
    }

    [Test]
    public async Task ALongPromptIsDecodedInChunksBesideARunningAnswer()
    {
        var target = MarkovModelRunner.Random(30, 1, rowCapacity: 64);
        await using var engine = TestEngine.Create(target, target.Disturbed(2, 0.3f), new SpeculativeEngineOptions { ContextLength = 2000, ConcurrentRequests = 2 });
        var most = 0;
        target.OnDecode = batch =>
        {
            most = Math.Max(most, batch.Count);
            return null;
        };
        var first = engine.CompleteAsync(new GenerationRequest { PromptTokens = [1], MaximumTokens = 300, Sampling = SamplingOptions.Greedy });
        var second = engine.CompleteAsync(new GenerationRequest { PromptTokens = [.. Enumerable.Range(0, 1500).Select(i => i % 30)], MaximumTokens = 10, Sampling = SamplingOptions.Greedy });

        Assert.That((await second).Tokens, Has.Count.EqualTo(10));
        Assert.That((await first).Tokens, Has.Count.EqualTo(300));
        Assert.That(most, Is.LessThanOrEqualTo(64));
    }

    [Test]
    public async Task TheNextTurnReusesTheKvCache()
    {
        var target = MarkovModelRunner.Random(30, 1);
        await using var engine = TestEngine.Create(target, target.Disturbed(2, 0.3f));
        int[] prompt = [.. Enumerable.Range(0, 100).Select(i => i % 30)];
        var first = await engine.CompleteAsync(new GenerationRequest { PromptTokens = prompt, MaximumTokens = 20, Sampling = SamplingOptions.Greedy });
        int[] nextPrompt = [.. prompt, .. first.Tokens, 5, 6, 7];
        var rows = target.DecodedRows;
        var second = await engine.CompleteAsync(new GenerationRequest { PromptTokens = nextPrompt, MaximumTokens = 1, Sampling = SamplingOptions.Greedy });

        Assert.That(first.Stats.CachedPromptTokens, Is.Zero);
        Assert.That(second.Stats.CachedPromptTokens, Is.EqualTo(119), "All but the anchor token of the last round is cached.");
        Assert.That(target.DecodedRows - rows, Is.EqualTo(4));
    }

    [Test]
    public async Task ConversationsWithTheSameBeginningKeepTheirOwnCaches()
    {
        var target = MarkovModelRunner.Random(30, 1);
        await using var engine = TestEngine.Create(target, null, new SpeculativeEngineOptions { ContextLength = 400, ConcurrentRequests = 3 });
        int[] system = [.. Enumerable.Range(0, 20)];
        List<int> first = [.. system, .. Enumerable.Repeat(21, 60)], second = [.. system, .. Enumerable.Repeat(22, 60)];
        for (var turn = 0; turn < 3; turn++)
        {
            foreach (var conversation in (List<int>[])[first, second])
            {
                var result = await engine.CompleteAsync(new GenerationRequest { PromptTokens = conversation, MaximumTokens = 5, Sampling = SamplingOptions.Greedy });
                Assert.That(result.Stats.CachedPromptTokens, turn == 0 ? Is.LessThanOrEqualTo(20) : Is.GreaterThan(80));
                conversation.AddRange([.. result.Tokens, 1, 2]);
            }
        }
    }

    [Test]
    public async Task ALongPromptIsDraftedInChunksToo()
    {
        var target = MarkovModelRunner.Random(30, 1, rowCapacity: 64);
        var draft = target.Disturbed(0, 0);
        var most = 0;
        draft.OnDecode = batch =>
        {
            most = Math.Max(most, batch.Count);
            return null;
        };
        await using var engine = TestEngine.Create(target, draft, new SpeculativeEngineOptions { ContextLength = 2000, ConcurrentRequests = 2, Policy = PolicyChoice.Fixed(4) });
        var result = await engine.CompleteAsync(new GenerationRequest { PromptTokens = [.. Enumerable.Range(0, 1000).Select(i => i % 30)], MaximumTokens = 60, Sampling = SamplingOptions.Greedy });

        Assert.That(most, Is.LessThanOrEqualTo(64));
        Assert.That(result.Stats.RoundsWithoutDraft, Is.InRange(10, 20), "One chunk a round, until the draft has caught up.");
        Assert.That(result.Stats.AcceptanceRate, Is.EqualTo(1));
    }

    [Test]
    public async Task TooFewCellsForAllRequestsSlowThemDownButLoseNone()
    {
        var target = MarkovModelRunner.Random(30, 1, cellCapacity: 300);
        await using var roomy = TestEngine.Create(target.Disturbed(0, 0), null);
        await using var tight = TestEngine.Create(target, target.Disturbed(2, 0.3f), new SpeculativeEngineOptions { ContextLength = 290, ConcurrentRequests = 4 });
        GenerationRequest[] requests = [.. Enumerable.Range(0, 6).Select(i => new GenerationRequest { PromptTokens = [i, i + 1], MaximumTokens = 150, Sampling = SamplingOptions.Greedy })];
        var expected = await Task.WhenAll(requests.Select(request => roomy.CompleteAsync(request)));

        var actual = await Task.WhenAll(requests.Select(request => tight.CompleteAsync(request))).WaitAsync(TimeSpan.FromSeconds(30));

        Assert.That(actual.Select(result => result.Tokens), Is.EqualTo(expected.Select(result => result.Tokens)));
    }

    [Test]
    public async Task AnAnswerEndsWhereTheContextEnds()
    {
        var target = MarkovModelRunner.Random(30, 1);
        await using var engine = TestEngine.Create(target, target.Disturbed(2, 0.1f), new SpeculativeEngineOptions { ContextLength = 50 });
        var result = await engine.CompleteAsync(new GenerationRequest { PromptTokens = [1, 2, 3], Sampling = SamplingOptions.Greedy });

        Assert.That(result.FinishReason, Is.EqualTo(FinishReason.ContextFull));
        Assert.That(result.Tokens, Has.Count.EqualTo(47));
    }
}
