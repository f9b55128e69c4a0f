using LlamaSpec.Cli.Comparison;
using LlamaSpec.Cli.Demo;
using LlamaSpec.Diagnostics;
using LlamaSpec.Engine;
using LlamaSpec.Policies;

namespace LlamaSpec.Cli.Tests.Demo;

[TestFixture]
public sealed class DemoFiguresTests
{
    private static readonly GenerationResult Plain = Answer([1, 2, 3, 4, 5], rounds: 5, milliseconds: 40);
    private static readonly ComparedAnswers TwiceAsFast =
        new(0, Plain, Answer([1, 2, 3, 4, 5], rounds: 3, milliseconds: 20, drafted: 4, accepted: 2));
    private static readonly ComparedAnswers HalfAsFast =
        new(1, Plain, Answer([1, 2, 9], rounds: 3, milliseconds: 40, drafted: 4, accepted: 0));

    [Test]
    public void SpeedUpIsTheGeometricMeanOfThePromptsRatios()
    {
        var result = Compute(TwiceAsFast, HalfAsFast);

        Assert.That(TwiceAsFast.Ratio, Is.EqualTo(2).Within(1e-12));
        Assert.That(HalfAsFast.Ratio, Is.EqualTo(0.5).Within(1e-12));
        Assert.That(result.SpeedUp, Is.EqualTo(1).Within(1e-12));
    }

    [Test]
    public void TokensPerSecondAreTotalTokensOverTotalTimeWithoutTheFirstRound()
    {
        var result = Compute(TwiceAsFast, HalfAsFast);

        Assert.That(result.PlainTokensPerSecond, Is.EqualTo(8 / 0.080).Within(1e-9));
        Assert.That(result.SpeculativeTokensPerSecond, Is.EqualTo(6 / 0.060).Within(1e-9));
    }

    [Test]
    public void AcceptanceAndOverheadAreTakenOverAllRounds()
    {
        var result = Compute(TwiceAsFast, HalfAsFast);

        Assert.That(result.AcceptanceRate, Is.EqualTo(2 / 8.0));
        Assert.That(result.MeanAcceptanceLength, Is.EqualTo(8 / 6.0));
        Assert.That(result.ManagedOverheadMilliseconds, Is.EqualTo(0.5).Within(1e-12));
    }

    [Test]
    public void ARoundsCostIsItsTimeInPlainTokens() =>
        Assert.That(DemoFigures.RoundCost([TwiceAsFast]), Is.EqualTo((20 / 2.0) / (40 / 4.0)).Within(1e-12));

    [Test]
    public void AnswersTooShortToBeTimedGiveNoFigureAndNoNaN()
    {
        var tiny = new ComparedAnswers(0, Answer([1], rounds: 1, milliseconds: 0), Answer([1], rounds: 1, milliseconds: 0));
        var result = Compute(tiny);

        Assert.That((result.SpeedUp, result.PlainTokensPerSecond, result.AcceptanceRate), Is.EqualTo((0.0, 0.0, 0.0)));
        Assert.That(DemoConclusions.Speed(result, [tiny]), Does.Contain("too short to be timed"));
    }

    [Test]
    public void ALossIsStatedAsPlainlyAsAGain()
    {
        Assert.That(DemoConclusions.Speed(Compute(TwiceAsFast), [TwiceAsFast]), Does.Contain("2.00x as fast: a round").And.Contain("costs 1.00x"));
        Assert.That(DemoConclusions.Speed(Compute(HalfAsFast), [HalfAsFast]), Does.Contain("slower (0.50x)").And.Contain("does not pay here"));
    }

    [Test]
    public void OnlyASmallGapIsCalledANearTie()
    {
        var result = Compute(TwiceAsFast) with { Identical = false, Divergences = [new(0, 3, 0.02f), new(1, 4, 0.7f)] };
        string[] lines = [.. DemoConclusions.Divergences(result)];

        Assert.That(lines[0], Does.StartWith("With adaedl, prompt 1 parts at token 4").And.Contain("0.02 apart").And.Contain("near-tie"));
        Assert.That(lines[1], Does.Contain("0.7 apart").And.Contain("please report it"));
        Assert.That(DemoConclusions.Divergences(result with { Temperature = 0.8f }), Is.Empty);
    }

    private static DemoResult Compute(params ComparedAnswers[] samples) => DemoFigures.Compute(0, PolicyChoice.AdaEdl, samples, [], null);

    private static GenerationResult Answer(int[] tokens, int rounds = 1, double milliseconds = 0, int drafted = 0, int accepted = 0) =>
        new(string.Empty, tokens, [], FinishReason.TokenLimit, new SpeculativeStats
        {
            GeneratedTokens = tokens.Length,
            FirstRoundTokens = 1,
            Rounds = rounds,
            DraftedTokens = drafted,
            AcceptedTokens = accepted,
            GenerationMilliseconds = milliseconds,
            ManagedOverheadMilliseconds = 0.5 * rounds,
        });
}
