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

    // What everything is compared with is plain decoding: its price is looked at again from time to time. Without a profile
    // often at first, at intervals that double with every second look.
    private const int LongestInterval = 256;
    private const int MostDoublings = 8;
    private const int LooksPerDoubling = 2;

    // A pass that catches up on more rows than this tells about prompts, not about passes.
    private const int MostRowsOfPass = 4;

    // Without a profile: extra rows at a seventh of a row and a pass at a fifth, in units of one row. Only until rounds are seen.
    private static readonly CostProfile Guess = new()
    {
        Verify = [new VerifyCurve(0, [new CostPoint(1, 1), new CostPoint(2, 1.15)])],
        Draft = new DraftCosts(0.2, 0.2, 0.02, 0.02),
    };

    private readonly CostProfile _profile;
    private readonly DraftCosts _draft;
    private readonly RowCorrections _rows;
    private LearnedFactor _draftCorrection;
    private double _plainOverhead;
    private double _draftOverhead;
    private double _pace = 1;
    private int _roundsSeen;
    private int _agreeingRounds;
    private int _plainRoundsSeen;
    private int _roundsSincePlain;

    /// <summary>Creates a model.</summary>
    /// <param name="profile">What was measured; null = a guess, until rounds are seen.</param>
    public CostModel(CostProfile? profile = null)
    {
        profile?.Validate();
        _profile = profile ?? Guess;
        _draft = _profile.Draft ?? Guess.Draft! with
        {
            FirstPassMilliseconds = Guess.Draft!.FirstPassMilliseconds * _profile.VerifyMilliseconds(1, 0),
            NextPassMilliseconds = Guess.Draft.NextPassMilliseconds * _profile.VerifyMilliseconds(1, 0),
        };
        _roundsSeen = profile is null ? 0 : RoundsToFindPace;
        _plainRoundsSeen = profile is null ? 0 : LooksPerDoubling * MostDoublings;
        _rows = new RowCorrections(TrackedRows, isCalibrated: profile is not null);
        _draftCorrection = new LearnedFactor(isCalibrated: _profile.Draft is not null && profile is not null);
        _plainOverhead = _draftOverhead = _profile.RoundOverheadMilliseconds;
    }

    /// <summary>Whether the next round of a request alone should be a plain one, because nobody knows any more what that takes.</summary>
    public bool WantsPlainRound => _plainRoundsSeen == 0 || _roundsSincePlain >= 1 << (_plainRoundsSeen / LooksPerDoubling);

    /// <summary>Time of a target decode, in milliseconds.</summary>
    /// <param name="rows">Rows of the decode, at least 1.</param>
    /// <param name="depth">Committed tokens of the request.</param>
    public double VerifyMilliseconds(int rows, int depth) =>
        _pace * _rows[rows] * _profile.VerifyMilliseconds(rows, depth);

    /// <summary>One request's share of the first draft pass of a round, in milliseconds.</summary>
    /// <param name="missingRows">Rows that it decodes for the request, at least 1.</param>
    /// <param name="requests">Requests that draft together.</param>
    public double FirstPassMilliseconds(int missingRows, int requests) =>
        _pace * _draftCorrection.Value * (Share(_draft.FirstPassMilliseconds, requests) + ((missingRows - 1) * _draft.RowMilliseconds));

    /// <summary>One request's share of each further draft pass, in milliseconds.</summary>
    public double NextPassMilliseconds(int requests) => _pace * _draftCorrection.Value * Share(_draft.NextPassMilliseconds, requests);

    /// <summary>What each further node that a pass goes on from takes, in milliseconds.</summary>
    public double BranchRowMilliseconds => _pace * _draftCorrection.Value * _draft.BatchRowMilliseconds;

    /// <summary>What a round takes outside draft and target, in milliseconds.</summary>
    public double OverheadMilliseconds(bool drafts) => drafts ? _draftOverhead : _plainOverhead;

    /// <summary>Time of a round of plain decoding for so many requests at once, in milliseconds.</summary>
    public double PlainMilliseconds(int requests, int depth) => VerifyMilliseconds(requests, depth) + _plainOverhead;

    /// <summary>Learns from a round.</summary>
    public void Observe(in RoundOutcome outcome)
    {
        if (outcome.PromptRows > 0 || outcome.VerifyMilliseconds <= 0)
        {
            return;
        }

        var ratio = Math.Log(outcome.VerifyMilliseconds / _profile.VerifyMilliseconds(outcome.BatchRows, outcome.Position));
        var pace = _rows.Observe(outcome.BatchRows, ratio);
        ObservePace(pace);
        if (outcome.ConcurrentRequests != 1)
        {
            return;
        }

        var isPlain = outcome.BatchRows == 1;
        _plainRoundsSeen = Math.Min(_plainRoundsSeen + (isPlain ? 1 : 0), LooksPerDoubling * MostDoublings);
        _roundsSincePlain = isPlain ? 0 : Math.Min(_roundsSincePlain + 1, LongestInterval);
        var overhead = outcome.StepMilliseconds - outcome.DraftMilliseconds - outcome.VerifyMilliseconds;
        ref var known = ref (outcome.PassCount > 0 ? ref _draftOverhead : ref _plainOverhead);
        known += PaceWeight * (Math.Clamp(overhead, 0, (2 * known) + (0.01 * VerifyMilliseconds(outcome.BatchRows, outcome.Position))) - known);
        if (outcome.PassCount > 0 && outcome.MissingRows <= MostRowsOfPass && outcome.DraftMilliseconds > 0)
        {
            // Against the target's decode of the same round, which had the same machine.
            var expected = FirstPassMilliseconds(outcome.MissingRows, 1) + ((outcome.PassCount - 1) * NextPassMilliseconds(1))
                + (outcome.BranchRows * BranchRowMilliseconds);
            _draftCorrection.Move(Math.Log(outcome.DraftMilliseconds / (expected / _pace)) - pace);
        }
    }

    /// <summary>Writes what holds beyond this run: the corrections, not the present pace.</summary>
    internal void Save(BinaryWriter writer)
    {
        writer.Write(_plainOverhead);
        writer.Write(_draftOverhead);
        _draftCorrection.Save(writer);
        _rows.Save(writer);
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidDataException">A value cannot have been learned.</exception>
    internal void Load(BinaryReader reader)
    {
        _plainOverhead = ReadOverhead(reader);
        _draftOverhead = ReadOverhead(reader);
        _draftCorrection = LearnedFactor.Load(reader, _draftCorrection);
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

    private double Share(double milliseconds, int requests) => (milliseconds + ((requests - 1) * _draft.BatchRowMilliseconds)) / requests;

    private static double ReadOverhead(BinaryReader reader)
    {
        var value = reader.ReadDouble();
        return value is >= 0 and <= CostProfile.LongestMilliseconds ? value : throw new InvalidDataException($"An overhead of {value} ms is not one.");
    }
}
