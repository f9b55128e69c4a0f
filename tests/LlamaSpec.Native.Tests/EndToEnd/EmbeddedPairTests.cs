using LlamaSpec.Drafting;
using LlamaSpec.Engine;
using LlamaSpec.Native.Calibration;
using LlamaSpec.Policies;
using LlamaSpec.Sampling;

namespace LlamaSpec.Native.Tests.EndToEnd;

/// <summary>The promises, kept by real models.</summary>
public sealed class EmbeddedPairTests
{
    private const int AnswerTokens = 40;

    private SpeculativeEngine _plain = null!;
    private SpeculativeEngine _speculative = null!;

    [OneTimeSetUp]
    public async Task LoadAsync()
    {
        var engine = new SpeculativeEngineOptions { ConcurrentRequests = 1, ContextLength = 512 };
        _plain = await ModelPair.LoadAsync(new ModelPairOptions { UseDraft = false, TargetThreadCount = 1, Engine = engine with { Drafter = DrafterChoice.None } });
        _speculative = await ModelPair.LoadAsync(new ModelPairOptions { RequireDraft = true, TargetThreadCount = 1, Calibration = CalibrationMode.Off, Engine = engine with { Drafter = DrafterChoice.Model } });
    }

    [OneTimeTearDown]
    public async Task DisposeAsync()
    {
        await _plain.DisposeAsync();
        await _speculative.DisposeAsync();
    }

    [TestCase("fixed:4")]
    [TestCase("adaedl")]
    public async Task GreedyAnswersToFiftyPromptsAreThoseOfPlainDecodingButForNearTies(string policy)
    {
        var drafted = 0;
        List<float> gaps = [];
        foreach (var request in Prompts.All.Select(Greedy))
        {
            var expected = await _plain.CompleteAsync(request);
            var actual = await _speculative.CompleteAsync(request with { Policy = PolicyChoice.Parse(policy) });
            drafted += actual.Stats.DraftedTokens;
            AddGap(request, expected, actual, gaps);
        }

        TestContext.Out.WriteLine($"{policy}: {Prompts.All.Length - gaps.Count} of {Prompts.All.Length} answers identical; gaps at the divergences: {string.Join(", ", gaps)}");
        Assert.That(drafted, Is.GreaterThan(500));
        Assert.That(gaps, Has.All.LessThan(TopTwoGapProbe.NearTie));
    }

    [Test]
    public async Task EightRequestsAtOnceGetTheAnswersTheyGetAlone()
    {
        await using var engine = await ModelPair.LoadAsync(new ModelPairOptions
        {
            RequireDraft = true,
            TargetThreadCount = 1,
            Calibration = CalibrationMode.Off,
            Engine = new SpeculativeEngineOptions { ConcurrentRequests = 8, ContextLength = 512 },
        });
        GenerationRequest[] requests = [.. Prompts.All.Take(8).Select(Greedy)];
        List<GenerationResult> alone = [];
        foreach (var request in requests)
        {
            alone.Add(await engine.CompleteAsync(request));
        }

        var together = await Task.WhenAll(requests.Select(request => engine.CompleteAsync(request)));

        List<float> gaps = [];
        for (var i = 0; i < requests.Length; i++)
        {
            AddGap(requests[i], alone[i], together[i], gaps);
        }

        TestContext.Out.WriteLine($"{requests.Length - gaps.Count} of {requests.Length} answers identical; gaps at the divergences: {string.Join(", ", gaps)}");
        Assert.That(gaps, Has.All.LessThan(TopTwoGapProbe.NearTie));
    }

    [Test]
    public async Task ANewTurnOverAReusedKvCacheIsThatOfAFreshOne()
    {
        var first = Greedy("Tell me about the moon.");
        var answer = await _speculative.CompleteAsync(first);
        var second = first with { Messages = [.. first.Messages!, new("assistant", answer.Text), new("user", "And the sun?")] };
        var reused = await _speculative.CompleteAsync(second);
        var fresh = await _plain.CompleteAsync(second);

        List<float> gaps = [];
        AddGap(second, fresh, reused, gaps);
        Assert.That(reused.Stats.CachedPromptTokens, Is.GreaterThan(first.Messages!.Count + 20));
        Assert.That(gaps, Has.All.LessThan(TopTwoGapProbe.NearTie));
    }

    [Test]
    public async Task TheTargetAsItsOwnDraftIsAlwaysAccepted()
    {
        await using var self = await ModelPair.LoadAsync(new ModelPairOptions
        {
            DraftPath = EmbeddedPair.TargetPath,
            RequireDraft = true,
            TargetThreadCount = 1,
            Calibration = CalibrationMode.Off,
            Engine = new SpeculativeEngineOptions { ConcurrentRequests = 1, ContextLength = 512 },
        });
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
                await _speculative.CompleteAsync(request with { PromptTokens = [.. Tokens(request).Skip(milliseconds)], Messages = null }, cancellation.Token);
            }
            catch (OperationCanceledException)
            {
            }
        }

        List<float> gaps = [];
        AddGap(request, expected, await _speculative.CompleteAsync(request), gaps);
        Assert.That(gaps, Has.All.LessThan(TopTwoGapProbe.NearTie));
    }

    private static GenerationRequest Greedy(string question) =>
        GenerationRequest.Ask(question) with { MaximumTokens = AnswerTokens, Sampling = SamplingOptions.Greedy };

    private int[] Tokens(GenerationRequest request) =>
        _plain.Tokenizer.Encode(_plain.Tokenizer.FormatChat(request.Messages!, addAssistantTurn: true), addSpecial: true, parseSpecial: true);

    private void AddGap(GenerationRequest request, GenerationResult expected, GenerationResult actual, List<float> gaps)
    {
        var common = expected.Tokens.Zip(actual.Tokens).TakeWhile(pair => pair.First == pair.Second).Count();
        if (common == expected.Tokens.Count && common == actual.Tokens.Count)
        {
            return;
        }

        using var probe = new TopTwoGapProbe(EmbeddedModels.Target, new LlamaContextOptions { CellCapacity = 512, ThreadCount = 1 });
        gaps.Add(probe.Measure([.. Tokens(request), .. expected.Tokens.Take(common)]));
    }
}
