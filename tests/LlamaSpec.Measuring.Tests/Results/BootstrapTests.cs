using LlamaSpec.Measuring.Results;

namespace LlamaSpec.Measuring.Tests.Results;

public sealed class BootstrapTests
{
    [Test]
    public void TwoValuesSpanTheInterval() =>
        // Both draws are the same value in half of the resamples, so both tails are beyond the values.
        Assert.That(Bootstrap.IntervalOfMean([1, 5]), Is.EqualTo((1.0, 5.0)));

    [Test]
    public void EqualValuesHaveNoWidth() => Assert.That(Bootstrap.IntervalOfMean([2, 2, 2, 2]), Is.EqualTo((2.0, 2.0)));

    [Test]
    public void OneValueSaysNothingOfOthers()
    {
        Assert.That(Bootstrap.IntervalOfMean([3]), Is.Null);
        Assert.That(Bootstrap.IntervalOfMean([]), Is.Null);
    }

    [Test]
    public void ManyValuesComeCloseToTheNormalInterval()
    {
        // Mean 0, standard error 10 / sqrt(400) = 0.5, so the interval is about -0.98 to 0.98.
        double[] values = [.. Enumerable.Range(0, 400).Select(static i => i % 2 == 0 ? 10.0 : -10.0)];
        var (low, high) = Bootstrap.IntervalOfMean(values)!.Value;
        Assert.That(low, Is.EqualTo(-0.98).Within(0.1));
        Assert.That(high, Is.EqualTo(0.98).Within(0.1));
    }

    [Test]
    public void TheSameValuesGiveTheSameInterval()
    {
        double[] values = [0.1, 0.7, -0.2, 0.4, 1.3];
        var first = Bootstrap.IntervalOfMean(values);
        Assert.That(Bootstrap.IntervalOfMean(values), Is.EqualTo(first));
    }
}
