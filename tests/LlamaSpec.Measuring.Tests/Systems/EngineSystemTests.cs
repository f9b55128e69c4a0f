using LlamaSpec.Measuring.Prompts;
using LlamaSpec.Measuring.Systems;
using LlamaSpec.Sampling;
using LlamaSpec.Tests.Fakes;

namespace LlamaSpec.Measuring.Tests.Systems;

public sealed class EngineSystemTests
{
    private readonly ChatPrompt _prompt = new("p1", "any", "abc", 3);

    [TestCase("fixed:2")]
    [TestCase("fixed:2@model")]
    public async Task ThePolicyDraftsWithTheDraftModel(string text)
    {
        var target = MarkovModelRunner.Random(26, seed: 3);
        await using var engine = TestEngine.Create(target, target.Disturbed(seed: 4, noise: 0.1f));
        var policy = MeasuredPolicy.Parse(text);
        var answer = await new EngineSystem(policy.Label, engine, policy.Policy, 20).AnswerAsync(_prompt, SamplingOptions.Greedy, CancellationToken.None);
        Assert.That((answer.TokenCount, answer.DraftedTokens), Is.EqualTo((20, answer.DraftedTokens)).And.Matches<(int, int Drafted)>(static one => one.Drafted > 0));
    }

    // Another drafter's figures under its name would be worse than none.
    [Test]
    public async Task ADrafterThatTheEngineDoesNotHaveDraftsNothing()
    {
        await using var engine = TestEngine.Create(MarkovModelRunner.Random(26, seed: 3), MarkovModelRunner.Random(26, seed: 3));
        var policy = MeasuredPolicy.Parse("fixed:2@suffix");
        var system = new EngineSystem(policy.Label, engine, policy.Policy, 20);
        Assert.That((await system.AnswerAsync(_prompt, SamplingOptions.Greedy, CancellationToken.None)).DraftedTokens, Is.Zero);
    }
}
