using LlamaSpec.Engine;
using LlamaSpec.Measuring.Oracle;
using LlamaSpec.Measuring.Prompts;
using LlamaSpec.Measuring.Systems;
using LlamaSpec.Policies;
using LlamaSpec.Sampling;
using LlamaSpec.Tests.Fakes;

namespace LlamaSpec.Measuring.Tests.Oracle;

public sealed class OracleTests
{
    private const int AnswerTokens = 60;
    private readonly ChatPrompt _prompt = new("p1", "any", "abc", 3);

    [Test]
    public async Task EveryDraftedTokenIsAcceptedAndNoRoundCouldHaveAcceptedMore()
    {
        var target = MarkovModelRunner.Random(26, seed: 3);
        var draft = target.Disturbed(seed: 4, noise: 0.4f);
        await using var engine = TestEngine.Create(target, draft);
        List<(int PromptLength, int[] Tokens)> asked = [];
        var system = new OracleSystem(
            engine,
            (promptLength, tokens) =>
            {
                asked.Add((promptLength, [.. tokens]));
                return Runs(target, draft, promptLength, tokens);
            },
            AnswerTokens);
        var answer = await system.AnswerAsync(_prompt, SamplingOptions.Greedy, CancellationToken.None);
        var again = await system.AnswerAsync(_prompt, SamplingOptions.Greedy, CancellationToken.None);
        var plain = await engine.CompleteAsync(Request());

        Assert.That(asked, Has.Count.EqualTo(1), "a question is looked into once");
        Assert.That((asked[0].PromptLength, asked[0].Tokens.Length), Is.EqualTo((3, 3 + AnswerTokens)));
        Assert.That(answer.Tokens, Is.EqualTo(plain.Tokens));
        Assert.That(answer.DraftedTokens, Is.EqualTo(answer.AcceptedTokens).And.GreaterThan(5));
        Assert.That(answer.Rounds, Is.EqualTo(FewestRounds(target, draft, asked[0].Tokens)));
        Assert.That(again with { TokensPerSecond = 0, Times = null, Tokens = [] }, Is.EqualTo(answer with { TokensPerSecond = 0, Times = null, Tokens = [] }));
    }

    [Test]
    public void ThePositionMovesByTheAcceptedTokensAndOne()
    {
        var policy = new OraclePolicy([2, 9, 9, 0, 1]);
        Assert.That(Length(policy), Is.EqualTo(2));
        policy.Observe(new RoundOutcome { DraftedCount = 2, AcceptedCount = 2, MaximumLength = 8 });
        Assert.That(Length(policy), Is.Zero);
        policy.Observe(new RoundOutcome { DraftedCount = 0, AcceptedCount = 0, MaximumLength = 8 });
        Assert.That(Length(policy), Is.EqualTo(1));
        policy.Observe(new RoundOutcome { DraftedCount = 1, AcceptedCount = 0, MaximumLength = 8 });
        Assert.That(Length(policy), Is.Zero, "beyond the end");
    }

    [Test]
    public async Task ItIsMeasuredAtTemperatureZeroAlone()
    {
        await using var engine = TestEngine.Create(MarkovModelRunner.Random(26, seed: 3), MarkovModelRunner.Random(26, seed: 3));
        var system = new OracleSystem(engine, static (_, _) => [], AnswerTokens);
        Assert.That((system.AnswersAt(0), system.AnswersAt(0.7f)), Is.EqualTo((true, false)));
    }

    private static int Length(OraclePolicy policy)
    {
        var length = 0;
        while (length < 20 && policy.BeforePass(new DraftProgress { DraftedCount = length, MaximumLength = 20, ConcurrentRequests = 1 }))
        {
            length++;
        }

        return length;
    }

    private GenerationRequest Request() =>
        new() { Prompt = _prompt.Text, MaximumTokens = AnswerTokens, Sampling = SamplingOptions.Greedy, Policy = PolicyChoice.Off };

    // A greedy draft is accepted as long as both models prefer the same token after the same text. What comes after the answer is not known.
    private static int[] Runs(MarkovModelRunner target, MarkovModelRunner draft, int promptLength, IReadOnlyList<int> tokens)
    {
        var runs = new int[tokens.Count - promptLength];
        for (var i = runs.Length - 1; i >= 0; i--)
        {
            int[] prefix = [.. tokens.Take(promptLength + i)];
            runs[i] = Best(draft, prefix) == tokens[promptLength + i] ? 1 + (i + 1 < runs.Length ? runs[i + 1] : 0) : 0;
            Assert.That(Best(target, prefix), Is.EqualTo(tokens[promptLength + i]), "the answer is the plain one");
        }

        return runs;
    }

    private int FewestRounds(MarkovModelRunner target, MarkovModelRunner draft, int[] tokens)
    {
        var runs = Runs(target, draft, _prompt.TokenCount, tokens);
        var rounds = 0;
        for (var i = 0; i < runs.Length; rounds++)
        {
            // The engine drafts at most 16, and never past the last token.
            i += 1 + Math.Min(Math.Min(runs[i], 16), runs.Length - i - 1);
        }

        return rounds;
    }

    private static int Best(MarkovModelRunner model, int[] prefix)
    {
        var logits = model.LogitsAfter(prefix);
        return Array.IndexOf(logits, logits.Max());
    }
}
