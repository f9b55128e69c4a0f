using LlamaSpec.Measuring.Results;
using LlamaSpec.Measuring.Runs;
using LlamaSpec.Measuring.Systems;

namespace LlamaSpec.Measuring.Tests.Results;

public sealed class FigureCalculatorTests
{
    private static readonly SystemLabel[] Systems =
        [SystemLabel.Plain, SystemLabel.StockPlain, SystemLabel.Policy("fixed:2"), SystemLabel.Policy("adaedl")];

    [Test]
    public void RatiosArePairedQuestionByQuestion()
    {
        // The policy is twice and half as fast as plain; the ratio of the means would be 1.94.
        var result = Compute(Rates("a1", 100, 100, 200, 100), Rates("b1", 4, 8, 2, 4));
        var figures = result.Systems[2];
        Assert.That(figures.All.ToPlain.Value, Is.EqualTo(1).Within(1e-12));
        Assert.That(figures.ToStockPlain.Value, Is.EqualTo(Math.Sqrt(2 * 0.25)).Within(1e-12));
        Assert.That(figures.All.TokensPerSecond, Is.EqualTo(20).Within(1e-9));
        Assert.That(figures.Categories.Select(static one => (one.Category, one.PromptCount, one.ToPlain.ToString())), Is.EqualTo((IEnumerable<(string, int, string)>)[("a", 1, "2.00"), ("b", 1, "0.50")]));
        Assert.That(result.Systems[0].All.ToPlain, Is.EqualTo(new RatioEstimate(1, 1, 1, 2)));
    }

    [Test]
    public void RepeatsOfAQuestionCountAsOne()
    {
        var result = Compute(Rates("a1", 1, 1, 2, 1), Rates("a1", 1, 1, 8, 1, repeat: 2), Rates("a2", 1, 1, 1, 1));
        var ratio = result.Systems[2].All.ToPlain;
        Assert.That((double[])[ratio.Value, ratio.Low!.Value, ratio.High!.Value], Is.EqualTo((double[])[2, 1, 4]).Within(1e-9));
        Assert.That(ratio.PromptCount, Is.EqualTo(2));
        Assert.That((result.PromptCount, result.SampleCount, result.Systems[2].All.PromptCount), Is.EqualTo((2, 3, 2)));
    }

    [Test]
    public void TemperaturesAreApart()
    {
        var results = FigureCalculator.Compute(Measure([Rates("a1", 1, 1, 2, 1), Rates("a1", 1, 1, 3, 1, temperature: 0.8f)]));
        Assert.That(results.Select(static result => result.Temperature), Is.EqualTo((float[])[0, 0.8f]));
        Assert.That(results.Select(static result => result.Systems[2].All.ToPlain.Value), Is.EqualTo((double[])[2, 3]).Within(1e-9));
        Assert.That(results[1].Systems[2].Identity, Is.Null);
    }

    [Test]
    public void ASystemThatIsNotMeasuredAtATemperatureHasNoFiguresThere()
    {
        var sampled = Fakes.Sample("a1", 0.8f, 1, Fakes.Answer(1), Fakes.Answer(1), Fakes.Answer(2), null);
        var results = FigureCalculator.Compute(Measure([Rates("a1", 1, 1, 2, 1), sampled]));
        Assert.That(results.Select(static result => result.Systems.Count), Is.EqualTo((int[])[4, 3]));
        Assert.That(results[1].Regrets.SelectMany(static one => one.Policies).Select(static one => one.Policy), Has.None.EqualTo("adaedl"));
    }

    [Test]
    public void RoundsAreSummedUpBeforeTheyAreDivided()
    {
        var drafting = Fakes.Answer(1) with { Rounds = 10, RoundsWithoutDraft = 1, DraftedTokens = 20, AcceptedTokens = 5, Times = new RoundTimes(10, 20, 30, 4) };
        var more = Fakes.Answer(1) with { Rounds = 30, RoundsWithoutDraft = 9, DraftedTokens = 20, AcceptedTokens = 15, Times = new RoundTimes(30, 60, 50, 4) };
        var plain = Fakes.Answer(1) with { RoundsWithoutDraft = 10 };
        var result = Compute(Fakes.Sample("a1", 0, 1, plain, plain, drafting, Fakes.Answer(1)), Fakes.Sample("a2", 0, 1, plain, plain, more, Fakes.Answer(1)));
        var figures = result.Systems[2];
        Assert.That((figures.All.AcceptanceRate, figures.All.MeanAcceptanceLength, figures.All.ShareOfRoundsWithoutDraft), Is.EqualTo(((double?)0.5, 1.5, (double?)0.25)));
        Assert.That(figures.MillisecondsPerRound, Is.EqualTo(new RoundTimes(1, 2, 2, 0.2)));
        var none = result.Systems[0];
        Assert.That((none.All.AcceptanceRate, none.All.MeanAcceptanceLength, none.MillisecondsPerRound), Is.EqualTo(((double?)null, 1.0, (RoundTimes?)null)));
        Assert.That((none.All.ShareOfRoundsWithoutDraft, result.Systems[3].All.ShareOfRoundsWithoutDraft), Is.EqualTo(((double?)null, (double?)null)), "plain, and one that does not tell");
    }

    [Test]
    public void GreedyAnswersAreComparedWithPlainDecodingOfTheSameProgram()
    {
        SystemLabel[] systems = [SystemLabel.Plain, SystemLabel.PlainServer, SystemLabel.DraftingServer(2), SystemLabel.Policy("fixed:2")];
        var (first, second) = (Fakes.Answer(1), Fakes.Answer(1, differsAt: 4));
        var shorter = Fakes.Answer(1, tokenCount: 19);
        Sample[] samples = [Fakes.Sample("a1", 0, 1, first, second, second, shorter), Fakes.Sample("a2", 0, 2, first, first, second, first)];
        var result = FigureCalculator.Compute(new Measurements { Systems = systems, Samples = samples, Skipped = [] }).Single();
        GreedyIdentity[] identities = [.. result.Systems.Select(static one => one.Identity!)];
        Assert.That(identities.Select(static one => (one.SameAsOwnPlain, one.SameAsPlain)), Is.EqualTo((IEnumerable<(int?, int)>)[(null, 2), (null, 1), (1, 0), (1, 1)]));
        Assert.That(identities[2].Divergences, Is.EqualTo((AnswerDivergence[])[new("a2", 2, 4)]));
        Assert.That(identities[3].Divergences, Is.EqualTo((AnswerDivergence[])[new("a1", 1, 19)]));
    }

    private static Sample Rates(string id, double plain, double stock, double length, double policy, int repeat = 1, float temperature = 0) =>
        Fakes.Sample(id, temperature, repeat, Fakes.Answer(plain), Fakes.Answer(stock), Fakes.Answer(length), Fakes.Answer(policy));

    private static Measurements Measure(Sample[] samples) => new() { Systems = Systems, Samples = samples, Skipped = [] };

    private static TemperatureResult Compute(params Sample[] samples) => FigureCalculator.Compute(Measure(samples)).Single();
}
