using LlamaSpec.Policies.Costs;

namespace LlamaSpec.Tests.Policies.Costs;

public sealed class CostProfileTests
{
    private static readonly CostProfile Example = new()
    {
        Verify =
        [
            new VerifyCurve(64, [new(1, 1.0), new(2, 1.25), new(4, 1.5), new(8, 4.0)]),
            new VerifyCurve(512, [new(1, 2.0), new(4, 3.0), new(8, 2.5)]),
        ],
        Draft = new DraftCosts(0.25, 0.2, 0.01, 0),
        RoundOverheadMilliseconds = 0.02,
        TargetThreadCount = 2,
        DraftThreadCount = 1,
    };

    [TestCase(1, 64, 1.0)]
    [TestCase(2, 64, 1.25)]
    [TestCase(8, 512, 2.5)]
    public void MeasuredPointsAreExact(int rows, int depth, double milliseconds) =>
        Assert.That(Example.VerifyMilliseconds(rows, depth), Is.EqualTo(milliseconds));

    [TestCase(3, 64, 1.375)]
    [TestCase(2, 512, 2.0 + (1.0 / 3))]
    [TestCase(1, 288, 1.5)]
    [TestCase(6, 288, 2.75)]
    public void BetweenPointsTheTimeIsLinearInRowsAndInDepth(int rows, int depth, double milliseconds) =>
        Assert.That(Example.VerifyMilliseconds(rows, depth), Is.EqualTo(milliseconds).Within(1e-12));

    [TestCase(12, 64, 6.5)]
    [TestCase(12, 512, 2.5)]
    public void BeyondTheLastPointTheLastSlopeGoesOnButNeverDown(int rows, int depth, double milliseconds) =>
        Assert.That(Example.VerifyMilliseconds(rows, depth), Is.EqualTo(milliseconds).Within(1e-12));

    [TestCase(0, 64)]
    [TestCase(100_000, 512)]
    public void BeyondTheDepthsTheNearestCurveHolds(int depth, int nearest) =>
        Assert.That(Example.VerifyMilliseconds(3, depth), Is.EqualTo(Example.VerifyMilliseconds(3, nearest)));

    [Test]
    public void OnePointHoldsForEveryNumberOfRows()
    {
        var profile = Example with { Verify = [new VerifyCurve(64, [new(1, 3)])] };
        Assert.That(profile.VerifyMilliseconds(40, 500), Is.EqualTo(3));
    }

    [Test]
    public void FewerThanOneRowIsRefused() =>
        Assert.That(() => Example.VerifyMilliseconds(0, 64), Throws.InstanceOf<ArgumentOutOfRangeException>());

    [Test]
    public void MeasuredPointsAreExactWhateverTheStaircase() => Property.Holds(random =>
    {
        var profile = RandomProfile(random);
        foreach (var curve in profile.Verify)
        {
            Assert.That(curve.Points.Select(point => profile.VerifyMilliseconds(point.Rows, curve.Depth)), Is.EqualTo(curve.Points.Select(static point => point.Milliseconds)));
        }
    });

    [Test]
    public void NoTimeLeavesTheRangeOfItsNeighbours() => Property.Holds(random =>
    {
        var profile = RandomProfile(random);
        var curve = profile.Verify[random.Next(profile.Verify.Count)];
        var (rows, depth) = (random.Next(1, curve.Points[^1].Rows + 1), random.Next(0, 4000));
        var all = profile.Verify.SelectMany(static curve => curve.Points).Select(static point => point.Milliseconds).ToArray();
        var within = curve.Points.Where(point => point.Rows <= rows).TakeLast(1).Concat(curve.Points.Where(point => point.Rows >= rows).Take(1))
            .Select(static point => point.Milliseconds).ToArray();
        Assert.That(curve.Milliseconds(rows), Is.InRange(within.Min() - 1e-9, within.Max() + 1e-9));
        Assert.That(profile.VerifyMilliseconds(rows, depth), Is.GreaterThanOrEqualTo(all.Min() - 1e-9));
    });

    [Test]
    public void AboveTheLastPointTheTimeNeverFalls() => Property.Holds(random =>
    {
        var profile = RandomProfile(random);
        var (rows, depth) = (profile.Verify.Max(static curve => curve.Points[^1].Rows) + random.Next(50), random.Next(0, 4000));
        Assert.That(profile.VerifyMilliseconds(rows + 1, depth), Is.GreaterThanOrEqualTo(profile.VerifyMilliseconds(rows, depth) - 1e-9));
    });

    [Test]
    public void LookingUpAllocatesNothing()
    {
        Example.VerifyMilliseconds(3, 100);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Example.VerifyMilliseconds(3, 100);
        Assert.That(GC.GetAllocatedBytesForCurrentThread(), Is.EqualTo(before));
    }

    [Test]
    public void AMeasuredProfileIsValid() => Property.Holds(random => Assert.That(RandomProfile(random).Validate, Throws.Nothing));

    [TestCaseSource(nameof(BadProfiles))]
    public void WhatCannotHaveBeenMeasuredIsRefused(CostProfile profile) =>
        Assert.That(profile.Validate, Throws.InstanceOf<ArgumentException>());

    private static IEnumerable<TestCaseData> BadProfiles()
    {
        yield return Case("no curve", Example with { Verify = [] });
        yield return Case("no curves", Example with { Verify = null! });
        yield return Case("null curve", Example with { Verify = [null!] });
        yield return Case("no points", With(new VerifyCurve(64, [])));
        yield return Case("null points", With(new VerifyCurve(64, null!)));
        yield return Case("starts with two rows", With(new VerifyCurve(64, [new(2, 1)])));
        yield return Case("rows twice", With(new VerifyCurve(64, [new(1, 1), new(1, 1)])));
        yield return Case("rows descend", With(new VerifyCurve(64, [new(1, 1), new(3, 1), new(2, 1)])));
        yield return Case("too many rows", With(new VerifyCurve(64, [new(1, 1), new(65_537, 1)])));
        yield return Case("too many points", With(new VerifyCurve(64, [.. Enumerable.Range(1, 257).Select(static rows => new CostPoint(rows, 1))])));
        yield return Case("no time", With(new VerifyCurve(64, [new(1, 0)])));
        yield return Case("negative time", With(new VerifyCurve(64, [new(1, -1)])));
        yield return Case("not a number", With(new VerifyCurve(64, [new(1, double.NaN)])));
        yield return Case("endless", With(new VerifyCurve(64, [new(1, double.PositiveInfinity)])));
        yield return Case("negative depth", With(new VerifyCurve(-1, [new(1, 1)])));
        yield return Case("depth twice", With(new VerifyCurve(64, [new(1, 1)]), new VerifyCurve(64, [new(1, 1)])));
        yield return Case("too many curves", With([.. Enumerable.Range(0, 17).Select(static depth => new VerifyCurve(depth, [new(1, 1)]))]));
        yield return Case("no threads", Example with { TargetThreadCount = 0 });
        yield return Case("no draft threads", Example with { DraftThreadCount = 0 });
        yield return Case("negative overhead", Example with { RoundOverheadMilliseconds = -0.1 });
        yield return Case("free pass", Example with { Draft = new DraftCosts(0, 1, 1, 1) });
        yield return Case("free next pass", Example with { Draft = new DraftCosts(1, double.NaN, 1, 1) });
        yield return Case("negative row", Example with { Draft = new DraftCosts(1, 1, -1, 1) });
        yield return Case("endless batch row", Example with { Draft = new DraftCosts(1, 1, 1, double.PositiveInfinity) });

        static CostProfile With(params VerifyCurve[] curves) => Example with { Verify = curves };
        static TestCaseData Case(string name, CostProfile profile) => new TestCaseData(profile).SetArgDisplayNames(name);
    }

    private static CostProfile RandomProfile(Random random)
    {
        var curves = new List<VerifyCurve>();
        for (var depth = random.Next(100); curves.Count < random.Next(1, 4); depth += random.Next(1, 2000))
        {
            var points = new List<CostPoint>();
            for (var rows = 1; points.Count < random.Next(1, 12); rows += random.Next(1, 9))
            {
                points.Add(new CostPoint(rows, 0.01 + (random.NextDouble() * 100)));
            }

            curves.Add(new VerifyCurve(depth, points));
        }

        return Example with { Verify = curves };
    }
}
