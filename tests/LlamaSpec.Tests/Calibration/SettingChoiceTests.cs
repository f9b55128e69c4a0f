using LlamaSpec.Calibration;
using LlamaSpec.Models;

namespace LlamaSpec.Tests.Calibration;

/// <summary>Threads, matrix products and attention: what is chosen, and that it is in force afterwards.</summary>
public sealed class SettingChoiceTests
{
    private ManualTime _time = null!;
    private int _targetThreads;
    private int _draftThreads;
    private bool _usesFastRows;

    [SetUp]
    public void Reset() => (_time, _targetThreads, _draftThreads, _usesFastRows) = (new ManualTime(), 2, 1, true);

    [TestCase(1.0, 1.5, 1)]
    [TestCase(1.0, 0.99, 1)]
    [TestCase(1.0, 0.6, 2)]
    public void MoreThreadsMustBeWorthThem(double one, double two, int chosen)
    {
        var costs = PairCalibrator.Measure(Target(() => _targetThreads == 1 ? one : two), null, CalibrationPlan.Full, _time)!;

        Assert.That(costs.TargetThreadCount, Is.EqualTo(chosen).And.EqualTo(_targetThreads));
        Assert.That(costs.VerifyMilliseconds(1, 64), Is.EqualTo(chosen == 1 ? one : two).Within(1e-6));
    }

    [Test]
    public void TheQuickFormComparesThreadsWhereThatIsCheap([Values(0.5, 30)] double milliseconds)
    {
        var costs = PairCalibrator.Measure(Target(() => _targetThreads == 1 ? milliseconds : 2 * milliseconds), null, CalibrationPlan.Quick, _time)!;
        Assert.That(costs.TargetThreadCount, Is.EqualTo(milliseconds < 1 ? 1 : 2));
    }

    [TestCase(0.1, 0.1, 1)]
    [TestCase(0.9, 0.3, 2)]
    public void DraftThreadsAreChosenByTheWholeRound(double one, double two, int chosen)
    {
        var draft = new CalibratedModel(new StaircaseRunner(_time, (_, _) => _draftThreads == 1 ? one : two), 1)
        {
            ThreadCandidates = [1, 2],
            SetThreadCount = threads => _draftThreads = threads,
        };
        var costs = PairCalibrator.Measure(Target(static () => 1), draft, CalibrationPlan.Full, _time)!;

        Assert.That(costs.DraftThreadCount, Is.EqualTo(chosen).And.EqualTo(_draftThreads));
        Assert.That(costs.Draft!.NextPassMilliseconds, Is.EqualTo(chosen == 1 ? one : two).Within(1e-6));
    }

    [TestCase(1.0, true)]
    [TestCase(1.01, true)]
    [TestCase(1.3, false)]
    public void FastRowsStayUnlessTheOthersAreFaster(double fast, bool stay)
    {
        var target = Target(() => _usesFastRows ? fast : 1) with { SetFastRows = uses => _usesFastRows = uses };
        var costs = PairCalibrator.Measure(target, null, CalibrationPlan.Full, _time)!;
        Assert.That(costs.FastRows, Is.EqualTo(stay).And.EqualTo(_usesFastRows));
    }

    [Test]
    public void WhatIsNotToBeChosenStays()
    {
        var target = Target(() => _targetThreads == 1 ? 0.1 : 1) with { ThreadCandidates = [], UsesFastRows = false };
        var costs = PairCalibrator.Measure(target, null, CalibrationPlan.Full, _time)!;

        Assert.That(costs.TargetThreadCount, Is.EqualTo(2));
        Assert.That(costs.FastRows, Is.False);
    }

    [TestCase(1.0, false)]
    [TestCase(0.98, false)]
    [TestCase(0.9, true)]
    public void AttentionIsChosenByFourRowsAtADepth(double second, bool prefersSecond)
    {
        using var fused = new StaircaseRunner(_time, static (rows, depth) => depth < 512 ? 0.1 : rows / 4.0);
        using var plain = new StaircaseRunner(_time, (rows, depth) => depth < 512 ? 0.1 : second * rows / 4.0);

        Assert.That(ContextTrial.PrefersSecond(fused, plain, CalibrationPlan.Full, _time, CancellationToken.None), Is.EqualTo(prefersSecond));
        Assert.That(fused.SequenceLength(new SequenceId(0)) + plain.SequenceLength(new SequenceId(0)), Is.Zero);
    }

    private CalibratedModel Target(Func<double> milliseconds) => new(new StaircaseRunner(_time, (_, _) => milliseconds()), 2)
    {
        ThreadCandidates = [1, 2],
        SetThreadCount = threads => _targetThreads = threads,
        UsesFastRows = true,
    };
}
