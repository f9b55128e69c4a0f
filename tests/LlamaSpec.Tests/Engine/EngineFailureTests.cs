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

    [Test]
    public async Task MoreTokensThanAllowedAreCutAndCounted([Values(17, 33, 40)] int count)
    {
        var target = MarkovModelRunner.Random(20, 1);
        await using var plain = TestEngine.Create(target.Disturbed(0, 0), null);
        await using var engine = new SpeculativeEngine(TestEngine.Parts(target, null) with { Drafter = new GarbageDrafter(3, count) });

        var result = await engine.CompleteAsync(Request);

        Assert.That(result.Tokens, Is.EqualTo((await plain.CompleteAsync(Request)).Tokens));
        Assert.That(engine.DisabledReason, Is.Null);
        Assert.That(result.Stats.CutDrafts, Is.GreaterThan(0));
        Assert.That(result.Stats.DraftedTokens, Is.InRange(1, 16 * result.Stats.CutDrafts));
    }

    [Test]
    public async Task ASampledTokenWithoutItsDistributionCostsTheDrafter()
    {
        // Verified against a draft probability of 0 it would always be accepted.
        await using var engine = new SpeculativeEngine(TestEngine.Parts(MarkovModelRunner.Random(20, 1), null) with { Drafter = new GarbageDrafter(3) });
        var result = await engine.CompleteAsync(Request with { Sampling = new SamplingOptions { Seed = 1 } });

        Assert.That(result.Stats.AcceptedTokens, Is.Zero);
        Assert.That(engine.DisabledReason, Does.Contain("without the distribution"));
    }

    [Test]
    public async Task APolicyThatThrowsEndsItsOwnRequestAlone([Values("before pass", "before sampling", "observe")] string where)
    {
        var target = MarkovModelRunner.Random(20, 1);
        await using var engine = TestEngine.Create(target, target.Disturbed(2, 0.5f));
        var bad = engine.CompleteAsync(Request with { Policy = PolicyChoice.Custom("bad", _ => new ThrowingPolicy(where)) });
        var good = await engine.CompleteAsync(Request);

        Assert.That(async () => await bad, Throws.InvalidOperationException.With.Message.EqualTo(where));
        Assert.That(good.Tokens, Has.Count.EqualTo(60));
        Assert.That(engine.DisabledReason, Is.Null, "The drafter is not to blame.");
    }

    [Test]
    public async Task APolicysErrorDoesNotReachTheNextRequestOfItsSlot()
    {
        var target = MarkovModelRunner.Random(20, 1);
        await using var engine = TestEngine.Create(target, target.Disturbed(2, 0.5f), new SpeculativeEngineOptions { ContextLength = 128, ConcurrentRequests = 1 });
        var bad = PolicyChoice.Custom("bad", _ => new ThrowingPolicy("before pass"));
        Assert.That(async () => await engine.CompleteAsync(Request with { Policy = bad }), Throws.InvalidOperationException);

        // One token leaves no room for a draft, so the next request never asks its own policy.
        var result = await engine.CompleteAsync(Request with { MaximumTokens = 1 });
        Assert.That(result.Tokens, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task WhatGoesWrongAtTheStartOfARequestReachesItsCaller()
    {
        var target = MarkovModelRunner.Random(20, 1);
        await using var engine = TestEngine.Create(target, target.Disturbed(2, 0.5f));
        await engine.CompleteAsync(Request);
        target.FailsToTrim = new InvalidOperationException("the cache is gone");

        Assert.That(async () => await engine.CompleteAsync(Request with { Prompt = "help" }).WaitAsync(TimeSpan.FromSeconds(10)), Throws.InvalidOperationException.With.Message.EqualTo("the cache is gone"));
        target.FailsToTrim = null;
        Assert.That((await engine.CompleteAsync(Request)).Tokens, Has.Count.EqualTo(60));
    }

    [Test]
    public async Task AFailedEngineSaysWhyToLaterCallers()
    {
        var target = MarkovModelRunner.Random(20, 1);
        target.OnDecode = _ => throw new ModelFailureException("the device was lost");
        target.FailsToRelease = new InvalidOperationException("and the cache too");
        await using var engine = TestEngine.Create(target, null);

        Assert.That(async () => await engine.CompleteAsync(Request).WaitAsync(TimeSpan.FromSeconds(10)), Throws.Exception);
        Assert.That(async () => await engine.CompleteAsync(Request), Throws.InstanceOf<ModelFailureException>().With.Message.Contains("Create a new one"));
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

        Assert.That(async () => await engine.CompleteAsync(Request), Throws.ArgumentException.With.Message.Contains("positions"));
    }

    private sealed class ThrowingPolicy(string where) : IDraftLengthPolicy
    {
        public bool BeforePass(in DraftProgress progress) => Throw("before pass");

        public bool BeforeSampling(in DraftProgress progress, in RowStatistics distribution) => Throw("before sampling");

        public void Observe(in RoundOutcome outcome) => Throw("observe");

        private bool Throw(string here) => here == where ? throw new InvalidOperationException(where) : true;
    }

    private sealed class GarbageDrafter(int token, int count = 1) : IDrafter
    {
        public void Begin(int slot, int sharedPrefixLength)
        {
        }

        public void Draft(ReadOnlySpan<DraftJob> jobs)
        {
            foreach (var job in jobs)
            {
                for (var i = 0; i < count; i++)
                {
                    job.Add(token, 1, 0);
                }
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
