using LlamaSpec.Drafting;
using LlamaSpec.Engine;
using LlamaSpec.Policies;
using LlamaSpec.Sampling;

namespace LlamaSpec.Contracts.Pairs;

/// <summary>What a pair of real models promises at temperature 0: the answers of the target alone.</summary>
/// <param name="pair">The pair under test.</param>
public abstract class GreedyPairContract(PairUnderTest pair)
{
    private const int AnswerTokens = 40;

    private static readonly SpeculativeEngineOptions OneRequest = new() { ConcurrentRequests = 1, ContextLength = 512 };

    private SpeculativeEngine _plain = null!;
    private SpeculativeEngine _speculative = null!;

    /// <summary>Starts the two engines that most tests compare.</summary>
    [OneTimeSetUp]
    public async Task LoadAsync()
    {
        _plain = await pair.StartAsync(new PairSetup(OneRequest with { Drafter = DrafterChoice.None }, PairDraft.None));
        _speculative = await pair.StartAsync(new PairSetup(OneRequest with { Drafter = DrafterChoice.Model }));
    }

    /// <summary>Stops them.</summary>
    [OneTimeTearDown]
    public async Task DisposeAsync()
    {
        foreach (var engine in (SpeculativeEngine?[])[_plain, _speculative])
        {
            if (engine is not null)
            {
                await engine.DisposeAsync();
            }
        }
    }

    [TestCase("fixed:4")]
    [TestCase("adaedl")]
    public async Task GreedyAnswersToFiftyPromptsAreThoseOfPlainDecodingButForNearTies(string policy)
    {
        var drafted = 0;
        var ties = new NearTies(pair);
        foreach (var request in Prompts.All.Select(Greedy))
        {
            var expected = await _plain.CompleteAsync(request);
            var actual = await _speculative.CompleteAsync(request with { Policy = PolicyChoice.Parse(policy) });
            drafted += actual.Stats.DraftedTokens;
            ties.Add(request, expected, actual);
        }

        ties.AssertNoneElse(policy);
        Assert.That(drafted, Is.GreaterThan(500));
    }

    [Test]
    public async Task EightRequestsAtOnceGetTheAnswersTheyGetAlone()
    {
        await using var engine = await pair.StartAsync(new PairSetup(OneRequest with { ConcurrentRequests = 8 }));
        GenerationRequest[] requests = [.. Prompts.All.Take(8).Select(Greedy)];
        List<GenerationResult> alone = [];
        foreach (var request in requests)
        {
            alone.Add(await engine.CompleteAsync(request));
        }

        var together = await Task.WhenAll(requests.Select(request => engine.CompleteAsync(request)));

        var ties = new NearTies(pair);
        for (var i = 0; i < requests.Length; i++)
        {
            ties.Add(requests[i], alone[i], together[i]);
        }

        ties.AssertNoneElse();
    }

    [Test]
    public async Task ANewTurnOverAReusedKvCacheIsThatOfAFreshOne()
    {
        var first = Greedy("Tell me about the moon.");
        var answer = await _speculative.CompleteAsync(first);
        var second = first with { Messages = [.. first.Messages!, new("assistant", answer.Text), new("user", "And the sun?")] };
        var reused = await _speculative.CompleteAsync(second);
        var fresh = await _plain.CompleteAsync(second);

        var ties = new NearTies(pair);
        ties.Add(second, fresh, reused);
        Assert.That(reused.Stats.CachedPromptTokens, Is.GreaterThan(first.Messages!.Count + 20));
        ties.AssertNoneElse();
    }

    [Test]
    public async Task TheTargetAsItsOwnDraftIsAlwaysAccepted()
    {
        await using var self = await pair.StartAsync(new PairSetup(OneRequest, PairDraft.Target));
        int drafted = 0, accepted = 0;
        foreach (var request in Prompts.All.Take(8).Select(Greedy))
        {
            var result = await self.CompleteAsync(request with { Policy = PolicyChoice.Fixed(4) });
            drafted += result.Stats.DraftedTokens;
            accepted += result.Stats.AcceptedTokens;
        }

        Assert.That((double)accepted / drafted, Is.GreaterThan(0.97), "Only near-ties and the ends of answers may reject.");
    }

    [Test]
    public async Task CancellingDuringThePromptAndTheAnswerLeavesThePairUsable()
    {
        var request = Greedy(string.Join(' ', Prompts.All.Take(30)));
        var expected = await _speculative.CompleteAsync(request);
        for (var milliseconds = 1; milliseconds < 100; milliseconds += 7)
        {
            using var cancellation = new CancellationTokenSource(milliseconds);
            try
            {
                await _speculative.CompleteAsync(request with { PromptTokens = [.. pair.PromptTokens(request).Skip(milliseconds)], Messages = null }, cancellation.Token);
            }
            catch (OperationCanceledException)
            {
            }
        }

        var ties = new NearTies(pair);
        ties.Add(request, expected, await _speculative.CompleteAsync(request));
        ties.AssertNoneElse();
    }

    private static GenerationRequest Greedy(string question) =>
        GenerationRequest.Ask(question) with { MaximumTokens = AnswerTokens, Sampling = SamplingOptions.Greedy };
}
