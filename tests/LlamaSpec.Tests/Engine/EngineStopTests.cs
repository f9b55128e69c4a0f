using LlamaSpec.Engine;
using LlamaSpec.Policies;
using LlamaSpec.Sampling;
using LlamaSpec.Tests.Fakes;

namespace LlamaSpec.Tests.Engine;

/// <summary>An answer ends at the same place with and without speculation, also inside an accepted block.</summary>
public class EngineStopTests
{
    [Test]
    public async Task EndOfTextInsideAnAcceptedBlockCutsThere([Range(1, 12)] int seed)
    {
        var target = MarkovModelRunner.Random(26, seed, spread: 1.5f, endToken: -1);
        await using var plain = TestEngine.Create(target.Disturbed(0, 0), null, tokenizer: new CharacterTokenizer(26, hasEnd: true));
        await using var speculative = TestEngine.Create(target, target.Disturbed(0, 0.05f), tokenizer: new CharacterTokenizer(26, hasEnd: true));
        var request = new GenerationRequest { Prompt = "hello", MaximumTokens = 300, Sampling = new SamplingOptions { Temperature = 0, LogitBias = [new(0, 1.5f)] }, Policy = PolicyChoice.Fixed(6) };

        var expected = await plain.CompleteAsync(request);
        var actual = await speculative.CompleteAsync(request);

        Assert.That(actual.FinishReason, Is.EqualTo(expected.FinishReason));
        Assert.That(actual.Tokens, Is.EqualTo(expected.Tokens));
        Assert.That(actual.Tokens, Has.No.Member(0), "The end token is not part of the answer.");
    }

    [Test]
    public async Task AStopTextInsideAnAcceptedBlockCutsThere([Range(1, 12)] int seed)
    {
        var target = MarkovModelRunner.Random(26, seed);
        await using var plain = TestEngine.Create(target.Disturbed(0, 0), null);
        await using var speculative = TestEngine.Create(target, target.Disturbed(0, 0.05f));
        var request = new GenerationRequest { Prompt = "hello", MaximumTokens = 120, Sampling = SamplingOptions.Greedy, Policy = PolicyChoice.Fixed(6) };
        var whole = (await plain.CompleteAsync(request)).Text;
        var stop = whole.Substring(37, 3);
        request = request with { StopTexts = [stop, "zzzzzzzzzz"] };

        var actual = await speculative.CompleteAsync(request);

        Assert.That(actual.FinishReason, Is.EqualTo(FinishReason.StopText));
        Assert.That(actual.Text, Is.EqualTo(whole[..whole.IndexOf(stop, StringComparison.Ordinal)]));

        // What was rolled back must not be in the KV cache of the next turn.
        var next = new GenerationRequest { PromptTokens = [.. Encode("hello"), .. actual.Tokens, 1, 2], MaximumTokens = 30, Sampling = SamplingOptions.Greedy };
        Assert.That((await speculative.CompleteAsync(next)).Tokens, Is.EqualTo((await plain.CompleteAsync(next)).Tokens));
    }

    [Test]
    public async Task TheTokenLimitIsExact([Range(1, 12)] int limit, [Values("off", "fixed:8")] string policy)
    {
        var target = MarkovModelRunner.Random(26, 3);
        await using var engine = TestEngine.Create(target, target.Disturbed(0, 0));
        var result = await engine.CompleteAsync(new GenerationRequest { Prompt = "hello", MaximumTokens = limit, Sampling = SamplingOptions.Greedy, Policy = PolicyChoice.Parse(policy) });

        Assert.That(result.Tokens, Has.Count.EqualTo(limit));
        Assert.That(result.Text, Has.Length.EqualTo(limit));
        Assert.That(result.FinishReason, Is.EqualTo(FinishReason.TokenLimit));
        Assert.That(result.Stats.GeneratedTokens, Is.EqualTo(limit));
    }

    [Test]
    public async Task CharactersThatSpanTokensArriveWhole()
    {
        var tokenizer = new CharacterTokenizer(4);
        var emoji = "🦙"u8.ToArray();
        for (var i = 0; i < 4; i++)
        {
            tokenizer.Pieces[i] = [emoji[i]];
        }

        // After token i comes token i + 1: the emoji byte by byte.
        var table = Enumerable.Range(0, 25).Select(state => Enumerable.Range(0, 4).Select(token => token == (state % 5) % 4 ? 5f : 0f).ToArray()).ToArray();
        await using var engine = TestEngine.Create(new MarkovModelRunner(table, 4), new MarkovModelRunner(table, 4), tokenizer: tokenizer);
        List<string> texts = [];
        await foreach (var update in engine.GenerateAsync(new GenerationRequest { PromptTokens = [3], MaximumTokens = 10, Sampling = SamplingOptions.Greedy }))
        {
            texts.Add(update.Text);
        }

        Assert.That(string.Concat(texts), Is.EqualTo("🦙🦙\uFFFD"));
        Assert.That(texts.Where(text => text.Length > 0), Is.EqualTo(new[] { "🦙", "🦙", "\uFFFD" }));
    }

    private static int[] Encode(string text) => new CharacterTokenizer(26).Encode(text, true, true);
}
