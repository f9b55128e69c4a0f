using LlamaSpec.Measuring.Results;

namespace LlamaSpec.Measuring.Tests.Results;

public sealed class RatioEstimateTests
{
    [Test]
    public void TheMeanIsGeometric()
    {
        var estimate = RatioEstimate.OfLogarithms([Math.Log(0.5), Math.Log(2)]);
        Assert.That(estimate.Value, Is.EqualTo(1).Within(1e-12));
        Assert.That(estimate.Low, Is.EqualTo(0.5).Within(1e-12));
        Assert.That(estimate.High, Is.EqualTo(2).Within(1e-12));
        Assert.That(estimate.ToString(), Is.EqualTo("1.00 (0.50-2.00)"));
    }

    [Test]
    public void OneQuestionHasNoInterval() => Assert.That(RatioEstimate.OfLogarithms([Math.Log(1.5)]).ToString(), Is.EqualTo("1.50"));

    [Test]
    public void NoQuestionHasNoRatio() => Assert.That(RatioEstimate.OfLogarithms([]).ToString(), Is.EqualTo("-"));

    [TestCase(1.01, 1.5, RatioEstimate.Faster)]
    [TestCase(0.5, 0.99, RatioEstimate.Slower)]
    [TestCase(0.99, 1.5, "no difference shown")]
    public void OnlyAnIntervalOnOneSideOfOneIsAVerdict(double low, double high, string verdict)
    {
        Assert.That(new RatioEstimate(1.2, low, high, 6).Verdict, Is.EqualTo(verdict));
        Assert.That(new RatioEstimate(1.2, low, high, 5).Verdict, Is.EqualTo("too few questions"));
    }
}
