using LlamaSpec.Measuring.Charts;

namespace LlamaSpec.Measuring.Tests.Charts;

public sealed class LinearScaleTests
{
    [TestCase(new[] { 0.83, 1.72 }, 0.8, 1.8, "0.8,1.0,1.2,1.4,1.6,1.8")]
    [TestCase(new[] { 0.0, 97 }, 0, 100, "0,20,40,60,80,100")]
    [TestCase(new[] { 0.0, 0.3 }, 0, 0.3, "0.00,0.05,0.10,0.15,0.20,0.25,0.30")]
    [TestCase(new[] { -3.0, 5 }, -4, 6, "-4,-2,0,2,4,6")]
    [TestCase(new[] { 3.0 }, 2.4, 3.6, "2.4,2.6,2.8,3.0,3.2,3.4,3.6")]
    [TestCase(new[] { double.NaN, 0, double.PositiveInfinity, 12 }, 0, 12, "0,2,4,6,8,10,12")]
    [TestCase(new double[0], 0, 1, "0.0,0.2,0.4,0.6,0.8,1.0")]
    public void TheEndsAndTicksAreRoundNumbers(double[] values, double low, double high, string ticks)
    {
        var scale = new LinearScale(values, 100, 200);
        Assert.That((double[])[scale.Low, scale.High], Is.EqualTo((double[])[low, high]).Within(1e-9));
        Assert.That(string.Join(',', scale.Ticks.Select(scale.Label)), Is.EqualTo(ticks));
    }

    [Test]
    public void ValuesArePlacedBetweenTheEnds()
    {
        var down = new LinearScale([0, 10], 300, 100);
        Assert.That((double[])[down.Place(0), down.Place(10), down.Place(2.5)], Is.EqualTo((double[])[300, 100, 250]).Within(1e-9));
    }
}
