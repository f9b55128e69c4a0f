namespace LlamaSpec.Policies.Costs;

/// <summary>
/// What a decode will cost now: the calibrated profile, corrected by every round that is seen. The corrections are a factor
/// of the machine's present pace, and a slow one for each number of rows and for the draft. Those are learned by comparing
/// neighbouring rounds of different lengths, so that a machine that slows down as a whole makes no length look dear.
/// Engine thread only; allocates nothing.
/// </summary>
public sealed class CostModel
{
    // Row counts with a correction of their own: those of single rounds.
    private const int TrackedRows = 65;
    private const double PaceWeight = 0.1;

    // What one round may say, as the logarithm of measured over expected: a neighbour on the machine makes rounds thirty times
    // as long, and those must not be the price of the next ones. What stays is nearly the median. Rounds that agree with each
    // other, though, are the machine's new pace, and may say more one after the other.
    private const double Clip = 0.3;
    private const int MostAgreeingRounds = 3;

    // Without a profile the first rounds say more: they are all there is.
    private const int RoundsToFindPace = 10;

    // Without a profile: extra rows at a seventh of a row and a pass at a fifth, in units of one row. Only until rounds are seen.
    private static readonly CostProfile Guess = new()
    {
        Verify = [new VerifyCurve(0, [new CostPoint(1, 1), new CostPoint(2, 1.15)])],
        Draft = new DraftCosts(0.2, 0.2, 0.02, 0.02),
    };

    private readonly CostProfile _profile;
    private readonly RowCorrections _rows;
    private readonly PassCosts _passes;
    private readonly RoundOverheads _overheads;
    private readonly PlainLooks _looks;
    private readonly RowFit? _slope;
    private double _pace = 1;
    private int _roundsSeen;
    private int _agreeingRounds;
    private StepCount _steps;

    /// <summary>Creates a model.</summary>
    /// <param name="profile">What was measured; null = a guess, until rounds are seen.</param>
    public CostModel(CostProfile? profile = null)
    {
        profile?.Validate();
        _profile = profile ?? Guess;
        var draft = _profile.Draft ?? Guess.Draft! with
        {
            FirstPassMilliseconds = Guess.Draft!.FirstPassMilliseconds * _profile.VerifyMilliseconds(1, 0),
            NextPassMilliseconds = Guess.Draft.NextPassMilliseconds * _profile.VerifyMilliseconds(1, 0),
        };
        _roundsSeen = profile is null ? 0 : RoundsToFindPace;
        _rows = new RowCorrections(TrackedRows, isCalibrated: profile is not null);
        _passes = new PassCosts(draft, isCalibrated: _profile.Draft is not null && profile is not null);
        _overheads = new RoundOverheads(_profile.RoundOverheadMilliseconds);
        _looks = new PlainLooks(isCalibrated: profile is not null);
        _slope = profile is null ? new RowFit(isCalibrated: false) : null;
    }

    /// <summary>Whether the next step of so many requests should be a plain one, because nobody knows any more what that takes.</summary>
    public bool WantsPlainStep(int requests) => _looks.IsDue(requests);

    /// <summary>Time of a target decode, in milliseconds.</summary>
    /// <param name="rows">Rows of the decode, at least 1.</param>
    /// <param name="depth">Committed tokens of the request.</param>
    public double VerifyMilliseconds(int rows, int depth) =>
        _pace * _rows[rows] * _profile.VerifyMilliseconds(rows, depth);

    /// <summary>
    /// Time that further rows add to a target decode, in milliseconds, never below 0: where less was measured, that was noise. The steps of several requests have too many numbers of rows
    /// for each to be learned: without a profile their rows have one price.
    /// </summary>
    /// <param name="rows">Rows of the decode without them, at least 1.</param>
    /// <param name="count">Further rows.</param>
    /// <param name="depth">Committed tokens of the request.</param>
    /// <param name="requests">Requests in the step.</param>
    public double RowsMilliseconds(int rows, int count, int depth, int requests) => requests > 1 && _slope is not null
        ? _pace * _slope.Further * (_profile.VerifyMilliseconds(rows + count, depth) - _profile.VerifyMilliseconds(rows, depth))
        : Math.Max(0, VerifyMilliseconds(rows + count, depth) - VerifyMilliseconds(rows, depth));

    /// <summary>One request's share of the first draft pass of a step, in milliseconds.</summary>
    /// <param name="missingRows">Rows that it decodes for the request, at least 1.</param>
    /// <param name="requests">Requests in the step.</param>
    /// <param name="sharing">How many of them draft, as expected; not given = all.</param>
    public double FirstPassMilliseconds(int missingRows, int requests, double? sharing = null) =>
        _pace * _passes.First(missingRows, requests, sharing ?? requests);

    /// <summary>One request's share of each further draft pass, in milliseconds.</summary>
    /// <param name="requests">Requests in the step.</param>
    /// <param name="sharing">How many of them go on, as expected; not given = all.</param>
    public double NextPassMilliseconds(int requests, double? sharing = null) => _pace * _passes.Next(requests, sharing ?? requests);

    /// <summary>What each further node that a pass goes on from takes, in milliseconds.</summary>
    public double BranchRowMilliseconds(int requests) => _pace * _passes.BatchRow(requests);

    /// <summary>What a request that drafts adds to the time outside draft and target, in milliseconds.</summary>
    public double DraftOverheadMilliseconds(int requests) => _overheads.OfDraft(requests);

    /// <summary>Time of a step of plain decoding for so many requests at once, in milliseconds.</summary>
    public double PlainMilliseconds(int requests, int depth) => VerifyMilliseconds(requests, depth) + _overheads.Plain(requests);

    /// <summary>Time that a step should have taken, knowing what was done in it.</summary>
    internal double StepMilliseconds(in RoundOutcome outcome)
    {
        var (requests, work) = (Math.Max(1, outcome.ConcurrentRequests), WorkOf(outcome));
        return VerifyMilliseconds(outcome.BatchRows, outcome.Position) + (work.Passes > 0 ? _pace * _passes.All(work, requests) : 0)
            + _overheads.Plain(requests) + (work.DraftingRequests * _overheads.OfDraft(requests));
    }

    /// <summary>What all requests of a round's step did.</summary>
    internal static StepWork WorkOf(in RoundOutcome outcome) => outcome.Work.Step > 0 ? outcome.Work : StepWork.Like(outcome);

    /// <summary>Learns from a step, by the first of its rounds that tells of it.</summary>
    public void Observe(in RoundOutcome outcome)
    {
        if (outcome.PromptRows > 0 || outcome.VerifyMilliseconds <= 0 || !_steps.IsNew(outcome.Work.Step))
        {
            return;
        }

        var (requests, work) = (Math.Max(1, outcome.ConcurrentRequests), WorkOf(outcome));
        var ratio = Math.Log(outcome.VerifyMilliseconds / _profile.VerifyMilliseconds(outcome.BatchRows, outcome.Position));
        var pace = _rows.Observe(outcome.BatchRows, ratio);
        ObservePace(pace);
        var first = _profile.VerifyMilliseconds(1, outcome.Position);
        _slope?.Add(first, _profile.VerifyMilliseconds(outcome.BatchRows, outcome.Position) - first, outcome.VerifyMilliseconds / _pace);

        // A round that was to be plain and shared its step with others that draft whatever it costs is as plain as it gets.
        var isAsPlainAsItGets = requests > 1 && outcome.DraftedCount == 0 && outcome.PassCount == 0 && _looks.IsDue(requests);
        _looks.Add(requests, outcome.BatchRows == requests || isAsPlainAsItGets);
        _overheads.Observe(
            requests, work.DraftingRequests, outcome.StepMilliseconds - outcome.DraftMilliseconds - outcome.VerifyMilliseconds,
            VerifyMilliseconds(outcome.BatchRows, outcome.Position));
        _passes.Observe(work, requests, outcome.DraftMilliseconds, pace);
    }

    /// <summary>Writes what holds beyond this run: the corrections, not the present pace.</summary>
    internal void Save(BinaryWriter writer)
    {
        _overheads.Save(writer);
        _passes.Save(writer);
        _rows.Save(writer);
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidDataException">A value cannot have been learned.</exception>
    internal void Load(BinaryReader reader)
    {
        _overheads.Load(reader);
        _passes.Load(reader);
        _rows.Load(reader);
    }

    // The pace is a logarithm here.
    private void ObservePace(double pace)
    {
        var surprise = pace - Math.Log(_pace);
        _agreeingRounds = Math.Abs(surprise) <= Clip ? 0
            : Math.Sign(surprise) == Math.Sign(_agreeingRounds) ? Math.Clamp(_agreeingRounds + Math.Sign(surprise), -MostAgreeingRounds, MostAgreeingRounds)
            : Math.Sign(surprise);
        var clip = _roundsSeen == 0 ? double.MaxValue : Clip * Math.Max(1, Math.Abs(_agreeingRounds));
        var weight = _roundsSeen < RoundsToFindPace ? 1.0 / ++_roundsSeen : PaceWeight;
        _pace *= Math.Exp(weight * Math.Clamp(surprise, -clip, clip));
    }
}
