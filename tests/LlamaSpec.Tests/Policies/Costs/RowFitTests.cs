using LlamaSpec.Policies.Costs;

namespace LlamaSpec.Tests.Policies.Costs;

public class RowFitTests
{
    [Test]
    public void TheFirstRowAndTheFurtherOnesAreToldApart([Values(0.1, 1, 7)] double first, [Values(0, 0.5, 12)] double further)
    {
        var fit = new RowFit(isCalibrated: false);
        Watch(fit, 60, first, further);
        Assert.That(fit.First, Is.EqualTo(first).Within(3).Percent);
        Assert.That(fit.Further, Is.EqualTo(further).Within(0.03 * (first + further)));
    }

    [Test]
    public void StepsThatAreAllAlikeGiveTheirSumAndLeaveTheRatio()
    {
        var fit = new RowFit(isCalibrated: false);
        Watch(fit, 60, 2, 6);
        for (var step = 0; step < 1000; step++)
        {
            fit.Add(1, 0.5, 2 + (0.5 * 6));
        }

        Assert.That(fit.First + (0.5 * fit.Further), Is.EqualTo(5).Within(1).Percent);
        Assert.That(fit.Further / fit.First, Is.EqualTo(3).Within(3).Percent, "as it was known last");
    }

    [Test]
    public void WithNothingSeenOfFurtherRowsTheyFollowTheFirst()
    {
        var fit = new RowFit(isCalibrated: false);
        for (var step = 0; step < 30; step++)
        {
            fit.Add(1, 0, 3);
        }

        Assert.That((fit.First, fit.Further), Is.EqualTo((3.0, 3.0)).Using<double>((a, b) => Math.Abs(a - b) < 0.05));
    }

    [Test]
    public void AStepThatWasHeldUpDoesLittle()
    {
        var fit = new RowFit(isCalibrated: false);
        Watch(fit, 60, 2, 6);
        fit.Add(1, 0.5, 150);
        Assert.That(fit.First, Is.EqualTo(2).Within(2).Percent);
        Assert.That(fit.Further, Is.EqualTo(6).Within(2).Percent);
    }

    [Test]
    public void AFirstStepThatWasHeldUpIsOvercomeAtOnce()
    {
        var fit = new RowFit(isCalibrated: false);
        fit.Add(1, 0.5, 45);
        Watch(fit, 8, 1, 1);
        Assert.That(fit.First, Is.EqualTo(1).Within(10).Percent);
    }

    [Test]
    public void ANewPriceIsTakenForOneAfterAFewSteps([Values(false, true)] bool isCalibrated)
    {
        var fit = new RowFit(isCalibrated);
        Watch(fit, 60, 1, 1);
        Watch(fit, 200, 1, 8);
        Assert.That(fit.Further, Is.EqualTo(8).Within(10).Percent);
    }

    [Test]
    public void ACalibrationIsCorrectedSlowly()
    {
        var fit = new RowFit(isCalibrated: true);
        fit.Add(1, 0.5, 1.2 * 1.5);
        Assert.That(fit.First, Is.InRange(1, 1.05));
    }

    [Test]
    public void AnyTimesLeaveFiniteFactors() => Property.Holds(random =>
    {
        var fit = new RowFit(random.Next(2) == 0);
        for (var step = 0; step < 200; step++)
        {
            fit.Add(random.NextDouble() + 1e-6, random.Next(3) * random.NextDouble(), Math.Pow(10, random.Next(-9, 9)));
            Assert.That(fit.First, Is.GreaterThan(0).And.LessThan(1e6));
            Assert.That(fit.Further, Is.GreaterThanOrEqualTo(0).And.LessThan(1e6));
        }
    }, count: 100);

    private static void Watch(RowFit fit, int steps, double first, double further)
    {
        for (var step = 0; step < steps; step++)
        {
            var rows = 0.1 * (step * 7 % 5);
            fit.Add(1, rows, first + (rows * further));
        }
    }
}
