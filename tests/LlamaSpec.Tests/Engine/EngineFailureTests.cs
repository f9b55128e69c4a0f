using LlamaSpec.Drafting;
using LlamaSpec.Engine;
using LlamaSpec.Models;
using LlamaSpec.Policies;
using LlamaSpec.Sampling;
using LlamaSpec.Tests.Fakes;

namespace LlamaSpec.Tests.Engine;

/// <summary>A drafter can fail, a request cannot; and what fails costs only what depends on it.</summary>
public class EngineFailureTests
{
    private static readonly GenerationRequest Request = new() { Prompt = "hello", MaximumTokens = 60, Sampling = SamplingOptions.Greedy };

    [Test]
    public async Task ADrafterThatThrowsCostsOnlyTheSpeedUp([Values(0, 1, 5)] int goodDecodes)
    {
        var target = MarkovModelRunner.Random(20, 1);
        var draft = target.Disturbed(2, 0.5f);
        var decodes = 0;
        draft.OnDecode = _ => decodes++ < goodDecodes ? null : throw new InvalidOperationException("the draft broke");
        await using var plain = TestEngine.Create(target.Disturbed(0, 0), null);
        await using var engine = TestEngine.Create(target, draft);

        var result = await engine.CompleteAsync(Request);

        Assert.That(result.Tokens, Is.EqualTo((await plain.CompleteAsync(Request)).Tokens));
        Assert.That(result.Stats.DisabledReason, Does.Contain("the draft broke"));
        Assert.That(engine.DisabledReason, Does.Contain("the draft broke"));
    }

    [Test]
    public async Task GarbageTokensAreNotDecoded([Values(-1, 20, int.MaxValue)] int garbage)
    {
        var target = MarkovModelRunner.Random(20, 1);
        await using var plain = TestEngine.Create(target.Disturbed(0, 0), null);
        await using var engine = new SpeculativeEngine(TestEngine.Parts(target, null) with { Drafter = new GarbageDrafter(garbage) });

        var result = await engine.CompleteAsync(Request);

        Assert.That(result.Tokens, Is.EqualTo((await plain.CompleteAsync(Request)).Tokens));
        Assert.That(result.Stats.DisabledReason, Does.Contain("which the target does not have"));
    }

    [TestCase("off", "the policy is off")]
    [TestCase("fixed:2", null)]
    public async Task StatisticsSayWhyNothingWasDrafted(string policy, string? reason)
    {
        var target = MarkovModelRunner.Random(20, 1);
        await using var engine = TestEngine.Create(target, target.Disturbed(2, 0.5f));
        var result = await engine.CompleteAsync(Request with { Policy = PolicyChoice.Parse(policy) });

        Assert.That(result.Stats.DisabledReason, Is.EqualTo(reason));
        Assert.That(result.Stats.DraftedTokens > 0, Is.EqualTo(reason is null));
    }

    [Test]
    public async Task ABackendErrorReachesTheCallerAndTheEngineGoesOn()
    {
        var target = MarkovModelRunner.Random(20, 1);
        await using var engine = TestEngine.Create(target, target.Disturbed(2, 0.5f));
        var expected = await engine.CompleteAsync(Request);
        var decodes = 0;
        target.OnDecode = _ => ++decodes == 3 ? throw new ModelFailureException("the device was lost") : null;

        Assert.That(async () => await engine.CompleteAsync(Request), Throws.InstanceOf<ModelFailureException>().With.Message.Contains("the device was lost"));
        Assert.That((await engine.CompleteAsync(Request)).Tokens, Is.EqualTo(expected.Tokens));
    }

    [Test]
    public async Task LogitsThatAreNotNumbersEndTheRequestWithAMessage([Values(0f, 0.8f)] float temperature)
    {
        var table = Enumerable.Range(0, 25).Select(_ => new float[] { 1, float.NaN, 0, 2 }).ToArray();
        await using var engine = TestEngine.Create(new MarkovModelRunner(table, 4), null);
        var request = new GenerationRequest { PromptTokens = [1], Sampling = new SamplingOptions { Temperature = temperature } };

        Assert.That(async () => await engine.CompleteAsync(request), Throws.InstanceOf<ModelFailureException>().With.Message.Contains("not numbers"));
    }

    [Test]
    public async Task ADraftOfNotNumbersIsNoDraft([Values(0f, 0.8f)] float temperature)
    {
        var target = MarkovModelRunner.Random(4, 1);
        var draft = new MarkovModelRunner([.. Enumerable.Range(0, 25).Select(_ => new float[] { 1, float.NaN, 0, 2 })], 4);
        await using var engine = TestEngine.Create(target, draft);
        var result = await engine.CompleteAsync(new GenerationRequest { PromptTokens = [1], MaximumTokens = 10, Sampling = new SamplingOptions { Temperature = temperature } });

        Assert.That(result.Tokens, Has.Count.EqualTo(10));
        Assert.That(result.Stats.DraftedTokens, Is.Zero);
    }

    [Test]
    public async Task AModelThatCannotTrimStillGivesTheRightText()
    {
        var target = MarkovModelRunner.Random(20, 1);
        await using var plain = TestEngine.Create(target.Disturbed(0, 0), null);
        var draft = target.Disturbed(2, 0.7f);
        target.CanTrim = draft.CanTrim = false;
        await using var engine = TestEngine.Create(target, draft);

        Assert.That((await engine.CompleteAsync(Request)).Tokens, Is.EqualTo((await plain.CompleteAsync(Request)).Tokens));
    }

    [Test]
    public async Task ARollBackThatIsLeftOutIsNoticed()
    {
        // The fake's KV cache is strict: rows behind cells that should be gone are refused.
        var target = MarkovModelRunner.Random(20, 1);
        await using var engine = TestEngine.Create(target, target.Disturbed(2, 3f));
        target.ForgetsToTrim = true;

        Assert.That(async () => await engine.CompleteAsync(Request), Throws.InvalidOperationException.With.Message.Contains("positions"));
    }

    private sealed class GarbageDrafter(int token) : IDrafter
    {
        public void Begin(int slot, int sharedPrefixLength)
        {
        }

        public void Draft(ReadOnlySpan<DraftJob> jobs)
        {
            foreach (var job in jobs)
            {
                job.Add(token, 1, 0);
            }
        }

        public void Observe(int slot, int validCount)
        {
        }

        public void Dispose()
        {
        }
    }
}
