using LlamaSpec.Calibration;
using LlamaSpec.Models;
using LlamaSpec.Policies.Costs;

namespace LlamaSpec.Tests.Calibration;

public sealed class PairCalibratorTests
{
    private static readonly CalibrationPlan HardQuick = CalibrationPlan.Quick with { IsBudgetHard = true };

    private ManualTime _time = null!;

    [SetUp]
    public void CreateClock() => _time = new ManualTime();

    [Test]
    public void TheFullProfileIsTheStaircase()
    {
        var costs = Measure(Target(), Draft(), CalibrationPlan.Full)!;

        Assert.That(costs.Verify.Select(static curve => curve.Depth), Is.EqualTo(new[] { 64, 512, 1536 }));
        AssertStaircase(costs, [.. Enumerable.Range(1, 16), 20, 24, 32, 48, 64]);
        Assert.That(costs.IsQuick, Is.False);
        Assert.That(costs.Validate, Throws.Nothing);
    }

    [Test]
    public void TheQuickProfileIsTheStaircaseToo()
    {
        var costs = Measure(Target(), Draft(), HardQuick)!;

        Assert.That(costs.Verify.Select(static curve => curve.Depth), Is.EqualTo(new[] { 64, 512 }));
        AssertStaircase(costs, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 16]);
        Assert.That(costs.IsQuick, Is.True);
    }

    [Test]
    public void NoisyMomentsDoNotMoveTheProfile([Values(5, 7, 11, 22, 23)] int every)
    {
        var target = Target(noise: index => index % every == 0 ? 40 : 0);
        var draft = Draft(noise: index => index % every == 1 ? 3 : 0);
        var costs = Measure(target, draft, CalibrationPlan.Full)!;

        AssertStaircase(costs, [.. Enumerable.Range(1, 16), 20, 24, 32, 48, 64]);
        AssertDraft(costs.Draft!);
    }

    [Test]
    public void DraftPassesAreMeasuredAsInRounds()
    {
        var costs = Measure(Target(), Draft(), HardQuick)!;

        AssertDraft(costs.Draft!);
        Assert.That(costs.DraftThreadCount, Is.EqualTo(1));
    }

    [Test]
    public void WithOneSequenceAnotherOneIsTakenToCostARow()
    {
        var costs = Measure(Target(), Draft(sequences: 1), HardQuick)!;
        Assert.That(costs.Draft!.BatchRowMilliseconds, Is.EqualTo(costs.Draft.RowMilliseconds).And.EqualTo(0.02).Within(1e-6));
    }

    [Test]
    public void ATargetAloneHasNoDraftCosts()
    {
        var costs = Measure(Target(), null, CalibrationPlan.Quick)!;

        AssertStaircase(costs, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 16]);
        Assert.That(costs.Draft, Is.Null);
        Assert.That(costs.DraftThreadCount, Is.Null);
    }

    // Half a millisecond to three seconds a row: a small model, and one that no calibration at load is made for.
    [Test]
    public void AHardBudgetIsOverrunByOneDecodeAtMost([Values(0.5, 5, 20, 60, 110, 240, 310, 900, 3000)] double oneRow, [Values(0, 0.3, 1)] double slope)
    {
        var target = Target((rows, _) => oneRow * (1 + (slope * (rows - 1))));
        var draft = Draft((rows, _) => oneRow / 10);
        var costs = Measure(target, draft, HardQuick);

        Assert.That(_time.Milliseconds, Is.LessThanOrEqualTo(HardQuick.Budget.TotalMilliseconds + Math.Max(target.LongestMilliseconds, draft.LongestMilliseconds)));
        Assert.That(costs?.Verify.All(static curve => curve.Points.Select(static point => point.Rows).Intersect([1, 2, 4, 8]).Count() == 4), Is.Not.False);
        AssertReleased(target, draft);
    }

    [TestCase(0.5, true)]
    [TestCase(60, true)]
    [TestCase(140, true)]
    [TestCase(900, false)]
    public void ALargeModelGetsFewerPointsAndOnlyAHugeOneNone(double oneRow, bool isMeasured)
    {
        var costs = Measure(Target((_, _) => oneRow), Draft((_, _) => oneRow / 20), HardQuick);
        Assert.That(costs is not null, Is.EqualTo(isMeasured));
    }

    [Test]
    public void WithoutAHardBudgetEvenAHugeModelIsMeasured()
    {
        var costs = Measure(Target((rows, _) => 3000 + rows), null, CalibrationPlan.Quick)!;

        Assert.That(costs.Verify.Single().Points.Select(static point => point.Rows), Is.EqualTo(new[] { 1, 2, 4, 8 }));
        Assert.That(costs.VerifyMilliseconds(8, 64), Is.EqualTo(3008));
    }

    [Test]
    public void ASmallContextIsNotExceeded([Values(8, 20, 64, 300, 600)] int cells)
    {
        var target = Target(cells: cells);
        var draft = Draft(cells: cells, sequences: 1);
        var costs = Measure(target, draft, CalibrationPlan.Full)!;

        Assert.That(costs.Verify[^1].Depth, Is.LessThan(cells));
        Assert.That(target.DeepestLength, Is.LessThanOrEqualTo(cells));
        AssertReleased(target, draft);
    }

    [Test]
    public void AFailingDecodeEmptiesBothCaches([Values(0, 1, 30, 200)] int failing, [Values] DecodeStatus status)
    {
        Assume.That(status, Is.Not.EqualTo(DecodeStatus.Ok));
        var target = Target();
        var draft = Draft(onDecode: index => index == failing ? status : DecodeStatus.Ok);

        Assert.That(() => Measure(target, draft, HardQuick), Throws.TypeOf<ModelFailureException>().With.Message.Contains(status.ToString()));
        AssertReleased(target, draft);
    }

    [Test]
    public void AModelThatCannotRollBackIsSaid() =>
        Assert.That(() => Measure(Target(), new StaircaseRunner(_time, static (_, _) => 1) { CanTrim = false }, HardQuick), Throws.TypeOf<ModelFailureException>());

    [Test]
    public void CancellingStopsBeforeTheNextDecode()
    {
        using var cancel = new CancellationTokenSource();
        var target = Target(onDecode: index =>
        {
            if (index == 40)
            {
                cancel.Cancel();
            }

            return DecodeStatus.Ok;
        });
        var draft = Draft();

        Assert.That(() => Measure(target, draft, HardQuick, cancellationToken: cancel.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(target.DecodeCount, Is.EqualTo(41));
        AssertReleased(target, draft);
    }

    [Test]
    public void ProgressNamesThePartsAndStaysWithinTheTotal()
    {
        var reports = new List<CalibrationProgress>();
        Measure(Target(), Draft(), CalibrationPlan.Full, new Recorder(reports));

        Assert.That(reports.Select(static report => report.What).Distinct(), Does.Contain("threads").And.Contain("rows at depth 512").And.Contain("draft"));
        Assert.That(reports, Has.All.Matches<CalibrationProgress>(static report => report.Done >= 0 && report.Done <= report.Total));
        Assert.That(reports[^1].Done, Is.EqualTo(reports[^1].Total));
    }

    private static void AssertStaircase(CostProfile costs, int[] rows)
    {
        foreach (var curve in costs.Verify)
        {
            Assert.That(curve.Points.Select(static point => point.Rows), Is.EqualTo(rows));
            Assert.That(
                curve.Points.Select(static point => point.Milliseconds),
                Is.EqualTo(rows.Select(rows => Stairs(rows, curve.Depth))).AsCollection.Within(1e-6));
        }
    }

    private static void AssertDraft(DraftCosts draft)
    {
        Assert.That(draft.FirstPassMilliseconds, Is.EqualTo(0.22).Within(1e-6));
        Assert.That(draft.NextPassMilliseconds, Is.EqualTo(0.1).Within(1e-6));
        Assert.That(draft.RowMilliseconds, Is.EqualTo(0.02).Within(1e-6));
        Assert.That(draft.BatchRowMilliseconds, Is.EqualTo(0.03).Within(1e-6));
    }

    private static void AssertReleased(params StaircaseRunner[] runners)
    {
        foreach (var runner in runners)
        {
            Assert.That(Enumerable.Range(0, runner.SequenceCapacity).Select(sequence => runner.SequenceLength(new SequenceId(sequence))), Is.All.Zero);
        }
    }

    // Eight rows share a pass over the weights; a ninth opens the next. The prompt before does not count, but its length does.
    private static double Stairs(int rows, int depth) => rows == 1 ? 1 + Attention(depth) : 1.5 + ((rows - 1) / 8) + (0.05 * rows) + Attention(depth);

    private static double Attention(int depth) => depth switch { < 512 => 0, < 1536 => 0.5, _ => 1 };

    private CostProfile? Measure(
        StaircaseRunner target, StaircaseRunner? draft, CalibrationPlan plan, IProgress<CalibrationProgress>? progress = null, CancellationToken cancellationToken = default) =>
        PairCalibrator.Measure(
            new CalibratedModel(target, 2), draft is null ? null : new CalibratedModel(draft, 1), plan, _time, progress, cancellationToken);

    private StaircaseRunner Target(
        Func<int, int, double>? milliseconds = null, Func<int, double>? noise = null, Func<int, DecodeStatus>? onDecode = null, int cells = 4096) =>
        new(_time, milliseconds ?? Stairs) { Noise = noise ?? (static _ => 0), OnDecode = onDecode, CellCapacity = cells };

    private StaircaseRunner Draft(
        Func<int, int, double>? milliseconds = null, Func<int, double>? noise = null, Func<int, DecodeStatus>? onDecode = null, int cells = 4096, int sequences = 2) =>
        new(_time, milliseconds ?? (static (rows, _) => 0.1 + (0.02 * (rows - 1))))
        {
            ColdMilliseconds = 0.12,
            SequenceMilliseconds = 0.03,
            SequenceCapacity = sequences,
            CellCapacity = cells * sequences,
            Noise = noise ?? (static _ => 0),
            OnDecode = onDecode,
        };

    private sealed class Recorder(List<CalibrationProgress> reports) : IProgress<CalibrationProgress>
    {
        public void Report(CalibrationProgress value) => reports.Add(value);
    }
}
