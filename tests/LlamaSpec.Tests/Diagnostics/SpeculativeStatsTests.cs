using LlamaSpec.Diagnostics;

namespace LlamaSpec.Tests.Diagnostics;

public class SpeculativeStatsTests
{
    [Test]
    public void DerivedFiguresFollowTheirDefinitions()
    {
        var stats = new SpeculativeStats
        {
            Rounds = 4, DraftedTokens = 10, AcceptedTokens = 6, GeneratedTokens = 10, FirstRoundTokens = 2, GenerationMilliseconds = 400,
        };
        Assert.That(stats.AcceptanceRate, Is.EqualTo(0.6));
        Assert.That(stats.MeanAcceptanceLength, Is.EqualTo(2.5), "the correction or bonus token of each round included");
        Assert.That(stats.TokensPerSecond, Is.EqualTo(20), "the tokens of the first round belong to the wait");
    }

    [Test]
    public void WithNothingDoneTheyAreZero()
    {
        var stats = default(SpeculativeStats);
        Assert.That((stats.AcceptanceRate, stats.MeanAcceptanceLength, stats.TokensPerSecond), Is.EqualTo((0.0, 0.0, 0.0)));
    }

    [Test]
    public void PlainDecodingCommitsOneTokenARound() =>
        Assert.That(new SpeculativeStats { Rounds = 7 }.MeanAcceptanceLength, Is.EqualTo(1));

    [Test]
    public void RequestFiguresAddUp()
    {
        // Timestamps of the system's clock: give it seconds in its own units.
        var second = TimeProvider.System.TimestampFrequency;
        var request = new RequestStats(promptTokens: 5, arrival: 10 * second) { CachedPromptTokens = 3, DisabledReason = "off" };
        request.AddStep(new StepTimes(Draft: second, Verify: 2 * second, Sample: 3 * second, Managed: 4 * second));
        request.AddRound(generated: 3, drafted: 4, accepted: 2, usedFallback: false, wasCut: true, now: 12 * second);
        request.AddStep(new StepTimes(Draft: second, Verify: second, Sample: second, Managed: second));
        request.AddRound(generated: 1, drafted: 0, accepted: 0, usedFallback: true, wasCut: false, now: 17 * second);

        Assert.That(request.ToStats(TimeProvider.System), Is.EqualTo(new SpeculativeStats
        {
            PromptTokens = 5,
            CachedPromptTokens = 3,
            GeneratedTokens = 4,
            FirstRoundTokens = 3,
            Rounds = 2,
            RoundsWithoutDraft = 1,
            DraftedTokens = 4,
            AcceptedTokens = 2,
            ResidualFallbacks = 1,
            CutDrafts = 1,
            DraftMilliseconds = 2000,
            VerifyMilliseconds = 3000,
            SampleMilliseconds = 4000,
            ManagedOverheadMilliseconds = 5000,
            TimeToFirstTokenMilliseconds = 2000,
            GenerationMilliseconds = 5000,
            DisabledReason = "off",
        }));
    }

    [Test]
    public void ARequestWithoutRoundsHasNoTimeToFirstToken() =>
        Assert.That(new RequestStats(1, arrival: 10_000).ToStats(TimeProvider.System).TimeToFirstTokenMilliseconds, Is.Zero);
}
