using LlamaSpec.Benchmarks.EndToEnd.Measuring;
using LlamaSpec.Benchmarks.EndToEnd.Results;
using LlamaSpec.Benchmarks.EndToEnd.Systems;

namespace LlamaSpec.Benchmarks.Tests.EndToEnd;

public sealed class FigureCalculatorTests
{
    private static readonly SystemLabel[] Systems =
    [
        SystemLabel.Plain, SystemLabel.PlainFastRows, SystemLabel.Policy("fixed:2", fastRows: true), SystemLabel.Policy("fixed:2", fastRows: false),
    ];

    [Test]
    public void RatiosArePairedQuestionByQuestion()
    {
        // The policy is twice and half as fast as plain; the ratio of the means would be 1.94.
        var result = Compute(Rates("a1", 100, 100, 200, 100), Rates("b1", 4, 8, 2, 4));
        var figures = result.Systems[2];
        Assert.That(figures.ToPlain.Value, Is.EqualTo(1).Within(1e-12));
        Assert.That(figures.ToPlainFastRows.Value, Is.EqualTo(Math.Sqrt(2 * 0.25)).Within(1e-12));
        Assert.That(figures.TokensPerSecond, Is.EqualTo(20).Within(1e-9));
        Assert.That(figures.Categories.Select(static one => (one.Category, one.ToPlain.ToString())), Is.EqualTo((IEnumerable<(string, string)>)[("a", "2.00"), ("b", "0.50")]));
        Assert.That(result.Systems[0].ToPlain, Is.EqualTo(new RatioEstimate(1, 1, 1, 2)));
    }

    [Test]
    public void RepeatsOfAQuestionCountAsOne()
    {
        var result = Compute(Rates("a1", 1, 1, 2, 1), Rates("a1", 1, 1, 8, 1, repeat: 2), Rates("a2", 1, 1, 1, 1));
        var ratio = result.Systems[2].ToPlain;
        Assert.That((double[])[ratio.Value, ratio.Low!.Value, ratio.High!.Value], Is.EqualTo((double[])[2, 1, 4]).Within(1e-9));
        Assert.That(ratio.PromptCount, Is.EqualTo(2));
        Assert.That((result.PromptCount, result.SampleCount), Is.EqualTo((2, 3)));
    }

    [Test]
    public void TemperaturesAreApart()
    {
        var results = FigureCalculator.Compute(Measure([Rates("a1", 1, 1, 2, 1), Rates("a1", 1, 1, 3, 1, temperature: 0.8f)]));
        Assert.That(results.Select(static result => result.Temperature), Is.EqualTo((float[])[0, 0.8f]));
        Assert.That(results.Select(static result => result.Systems[2].ToPlain.Value), Is.EqualTo((double[])[2, 3]).Within(1e-9));
        Assert.That(results[1].Systems[2].Identity, Is.Null);
    }

    [Test]
    public void RoundsAreSummedUpBeforeTheyAreDivided()
    {
        var drafting = Fakes.Answer(1) with { Rounds = 10, DraftedTokens = 20, AcceptedTokens = 5, Times = new RoundTimes(10, 20, 30, 4) };
        var more = Fakes.Answer(1) with { Rounds = 30, DraftedTokens = 20, AcceptedTokens = 15, Times = new RoundTimes(30, 60, 50, 4) };
        var plain = Fakes.Answer(1);
        var result = Compute(Fakes.Sample("a1", 0, 1, plain, plain, drafting, plain), Fakes.Sample("a2", 0, 1, plain, plain, more, plain));
        var figures = result.Systems[2];
        Assert.That((figures.AcceptanceRate, figures.MeanAcceptanceLength), Is.EqualTo((0.5, 1.5)));
        Assert.That(figures.MillisecondsPerRound, Is.EqualTo(new RoundTimes(1, 2, 2, 0.2)));
        Assert.That((result.Systems[0].AcceptanceRate, result.Systems[0].MeanAcceptanceLength, result.Systems[0].MillisecondsPerRound), Is.EqualTo(((double?)null, 1.0, (RoundTimes?)null)));
    }

    [Test]
    public void GreedyAnswersAreComparedWithPlainDecodingOfTheSameKernels()
    {
        var (first, second) = (Fakes.Answer(1), Fakes.Answer(1, differsAt: 4));
        var shorter = Fakes.Answer(1, tokenCount: 19);
        var result = Compute(Fakes.Sample("a1", 0, 1, first, second, second, shorter), Fakes.Sample("a2", 0, 2, first, first, second, first));
        GreedyIdentity[] identities = [.. result.Systems.Select(static one => one.Identity!)];
        Assert.That(identities.Select(static one => (one.SameAsOwnPlain, one.SameAsPlain)), Is.EqualTo((IEnumerable<(int?, int)>)[(null, 2), (null, 1), (1, 0), (1, 1)]));
        Assert.That(identities[2].Divergences, Is.EqualTo((AnswerDivergence[])[new("a2", 2, 4)]));
        Assert.That(identities[3].Divergences, Is.EqualTo((AnswerDivergence[])[new("a1", 1, 19)]));
    }

    private static Sample Rates(string id, double plain, double plainFast, double policyFast, double policy, int repeat = 1, float temperature = 0) =>
        Fakes.Sample(id, temperature, repeat, Fakes.Answer(plain), Fakes.Answer(plainFast), Fakes.Answer(policyFast), Fakes.Answer(policy));

    private static Measurements Measure(Sample[] samples) => new() { Systems = Systems, Samples = samples, Skipped = [] };

    private static TemperatureResult Compute(params Sample[] samples) => FigureCalculator.Compute(Measure(samples)).Single();
}
