using System.Globalization;
using LlamaSpec.Policies.Costs;

namespace LlamaSpec.Calibration;

/// <summary>
/// Measures what the decodes of a pair cost, over runners whose KV caches are empty before and after. The settings that it
/// chose are in force at the end. One thread; cancelled between two decodes.
/// </summary>
internal sealed class PairCalibrator
{
    // Sampling and hand-over of a round, measured once on the embedded pair: small beside any decode, so not worth a calibration of its own.
    private const double RoundOverheadMilliseconds = 0.02;

    // Shares of the time: what is not used goes to the next part.
    private const double FillShare = 0.25;
    private const double TrialShare = 0.2;

    // Where comparing two thread counts would cost more than this part of the time, the default stays.
    private const double CheapTrialShare = 0.15;

    // 1, 2, 4 and 8 rows once each, where rows are not free, and the prompt.
    private const double SinglesOfQuickProfile = 8;
    private const double SinglesOfTypicalRound = 8;

    private readonly CalibratedModel _target;
    private readonly CalibratedModel? _draft;
    private readonly CalibrationPlan _plan;
    private readonly TimeProvider _time;
    private readonly TimeBudget _budget;
    private readonly RoundProbe _rounds;
    private readonly CalibrationMeter _meter;
    private readonly int[] _depths;
    private int _targetThreads;
    private int? _draftThreads;
    private bool _usesFastRows;

    private PairCalibrator(
        CalibratedModel target, CalibratedModel? draft, CalibrationPlan plan, TimeProvider time, IProgress<CalibrationProgress>? progress, CancellationToken cancellationToken)
    {
        _target = target;
        _draft = draft;
        _plan = plan;
        _time = time;
        _budget = new TimeBudget(time, plan.Budget);
        _rounds = new RoundProbe(
            new RunnerProbe(target.Runner, target.CellsOfSequence, time, cancellationToken),
            draft is null ? null : new RunnerProbe(draft.Runner, draft.CellsOfSequence, time, cancellationToken));
        var deepest = Math.Min(_rounds.Target.CellsOfSequence, _rounds.Draft?.CellsOfSequence ?? int.MaxValue) - plan.RowCounts.Max();
        _depths = [.. plan.Depths.Where(depth => depth <= deepest)];
        if (_depths.Length == 0)
        {
            _depths = [Math.Max(1, deepest)];
        }

        _meter = new CalibrationMeter(progress, CurveParts * (_depths.Length + 1));
        _targetThreads = target.ThreadCount;
        _draftThreads = draft?.ThreadCount;
        _usesFastRows = target.UsesFastRows;
    }

    private int CurveParts => _plan.RowCounts.Count * _plan.MostRepeats;

    /// <summary>Measures. null when the time did not suffice for a profile, which a plan with a hard budget can lead to.</summary>
    /// <exception cref="Models.ModelFailureException">A model cannot decode, or cannot roll back.</exception>
    public static CostProfile? Measure(
        CalibratedModel target,
        CalibratedModel? draft,
        CalibrationPlan plan,
        TimeProvider time,
        IProgress<CalibrationProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        var calibrator = new PairCalibrator(target, draft, plan, time, progress, cancellationToken);
        try
        {
            return calibrator.Run();
        }
        finally
        {
            calibrator._rounds.Target.ReleaseAll();
            calibrator._rounds.Draft?.ReleaseAll();
        }
    }

    private CostProfile? Run()
    {
        _meter.Begin("warm-up", 0);
        if (_plan.IsBudgetHard && !_budget.Affords(SinglesOfQuickProfile * _rounds.Target.Append(1)))
        {
            return null;
        }

        Fill(_depths[0]);
        ChooseSettings();
        List<VerifyCurve> curves = [];
        DraftCosts? draftCosts = null;
        for (var i = 0; i < _depths.Length; i++)
        {
            if (i > 0 && !TryFillFurther(_depths[i]))
            {
                break;
            }

            _meter.Begin(string.Create(CultureInfo.InvariantCulture, $"rows at depth {_rounds.Target.Depth}"), CurveParts * (i + 1));
            var share = _budget.Share(1.0 / (_depths.Length - i));
            if (CurveProbe.Measure(_rounds, _plan, _budget, share, _meter.Advance) is { } curve)
            {
                curves.Add(curve);
                draftCosts ??= MeasureDraft();
            }
        }

        return curves.Count == 0 ? null : ToProfile(curves, draftCosts);
    }

    private void Fill(int depth)
    {
        var share = _plan.ComparesAll ? new TimeBudget(_time, TimeSpan.MaxValue) : _budget.Share(FillShare);
        _rounds.Target.Fill(depth, share);
        _rounds.Draft?.Fill(_rounds.Target.Depth, share);
    }

    private bool TryFillFurther(int depth)
    {
        Fill(depth);
        return _rounds.Target.Depth == depth && (_rounds.Draft is null || _rounds.Draft.Depth == depth);
    }

    private void ChooseSettings()
    {
        _meter.Begin("threads", 1);
        var share = _plan.ComparesAll ? _budget : _budget.Share(TrialShare);
        if (_target.ThreadCandidates.Count > 1 && IsTrialCheap())
        {
            _targetThreads = SettingTrial.Choose(_target.ThreadCandidates, _target.SetThreadCount, _rounds.DecodeTypically, _plan.TrialRepeats, share);
        }

        if (_draft is { ThreadCandidates.Count: > 1 })
        {
            _draftThreads = SettingTrial.Choose(_draft.ThreadCandidates, _draft.SetThreadCount, _rounds.DecodeTypically, _plan.TrialRepeats, share);
        }

        if (_target.SetFastRows is { } setFastRows)
        {
            _meter.Begin("matrix products", 2);
            _usesFastRows = SettingTrial.Choose([true, false], Apply, _rounds.DecodeTypically, _plan.TrialRepeats, share);

            void Apply(bool uses)
            {
                setFastRows(uses);
                _draft?.SetFastRows?.Invoke(uses);
            }
        }

        _rounds.Forget();
    }

    private bool IsTrialCheap() =>
        _plan.ComparesAll
        || _rounds.DecodeSingles() * SinglesOfTypicalRound * _target.ThreadCandidates.Count * _plan.TrialRepeats < CheapTrialShare * _budget.LeftMilliseconds;

    private DraftCosts? MeasureDraft()
    {
        if (_rounds.Draft is null || !_rounds.HasPasses)
        {
            return null;
        }

        _meter.Begin("draft", CurveParts * 2);
        var row = DraftExtras.MeasureRow(_rounds, _plan.TrialRepeats, _budget);

        // Another sequence is one more row of the pass, where there is no other sequence to measure.
        var sequence = DraftExtras.MeasureSequence(_rounds, _plan.TrialRepeats, _budget) ?? row;
        return new DraftCosts(0, 0, row, sequence);
    }

    private CostProfile ToProfile(List<VerifyCurve> curves, DraftCosts? draft) => new()
    {
        Verify = curves,
        Draft = draft is null ? null : draft with { FirstPassMilliseconds = _rounds.FirstPassMilliseconds, NextPassMilliseconds = _rounds.NextPassMilliseconds },
        RoundOverheadMilliseconds = RoundOverheadMilliseconds,
        TargetThreadCount = _targetThreads,
        DraftThreadCount = _draftThreads,
        FastRows = _usesFastRows,
        IsQuick = !_plan.ComparesAll,
    };
}
