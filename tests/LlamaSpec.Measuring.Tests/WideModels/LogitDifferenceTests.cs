using LlamaSpec.Gguf;
using LlamaSpec.Measuring.WideModels;

namespace LlamaSpec.Measuring.Tests.WideModels;

public sealed class LogitDifferenceTests
{
    private static readonly float[] Original = [0, 5, 1, /**/ 2, 0, 1.75f, /**/ 4, 0, 1];

    [Test]
    public void EqualLogitsDoNotDiffer() =>
        Assert.That(LogitDifference.Between(Original, Original, 3), Is.EqualTo(new LogitDifference(3, 0, 0, 1, 1)));

    [Test]
    public void ANearTieMayFallEitherWay()
    {
        float[] other = [0, 5, 1, /**/ 2, 0, 2.25f, /**/ 4, 0, 1];
        Assert.That(LogitDifference.Between(Original, other, 3), Is.EqualTo(new LogitDifference(3, 0.5f, 0.5 / 9, 2 / 3d, 1)));
    }

    [Test]
    public void AnotherFavouriteIsADisagreement()
    {
        float[] other = [0, 5, 1, /**/ 2, 0, 1.75f, /**/ 4, 0, 4.5f];
        Assert.That(LogitDifference.Between(Original, other, 3), Is.EqualTo(new LogitDifference(3, 3.5f, 3.5 / 9, 2 / 3d, 2 / 3d)));
    }

    [Test]
    public void WhatIsNoNumberIsAProblem()
    {
        float[] other = [0, 5, 1, /**/ float.NaN, 0, 1.75f, /**/ 4, 0, 1];
        var difference = LogitDifference.Between(Original, other, 3);
        Assert.That((difference.Maximum, difference.Mean), Is.EqualTo((float.PositiveInfinity, double.NaN)));
        Assert.That(LogitBounds.Problem(difference, TensorType.Q8_0), Does.Contain("differ by NaN"));
    }

    [Test]
    public void TheBoundsAreOnTheMeanAndOnClearDisagreements()
    {
        Assert.That(LogitBounds.Problem(new LogitDifference(100, 9, 0.3, 0.5, 0.95), TensorType.Q4_0), Is.Null);
        Assert.That(LogitBounds.Problem(new LogitDifference(100, 9, 0.4, 1, 1), TensorType.Q4_0), Does.Contain("differ by 0.400 on average"));
        Assert.That(LogitBounds.Problem(new LogitDifference(100, 9, 0.3, 0.94, 0.94), TensorType.Q4_0), Does.Contain("94 %"));
    }
}
