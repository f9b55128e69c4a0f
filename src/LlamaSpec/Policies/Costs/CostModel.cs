namespace LlamaSpec.Policies.Costs;

/// <summary>
/// What a decode will cost now: the calibrated profile, corrected by every round that is seen. The corrections are a factor
/// of the machine's present pace, and a slow one for each number of rows and for the draft, so that a machine that slows down
/// as a whole does not make one length look dear. Engine thread only; allocates nothing.
/// </summary>
public sealed class CostModel
{
    // Row counts with a correction of their own: those of single rounds.
    private const int TrackedRows = 65;
    private const double PaceWeight = 0.1;
    private const double CorrectionWeight = 0.03;

    // What one round may say, as the logarithm of measured over expected: a neighbour on the machine makes rounds thirty times
    // as long, and those must not be the price of the next ones. What stays is nearly the median.
    private const double Clip = 0.3;

    // Without a profile the first rounds say more: they are all there is.
    private const int RoundsToFindPace = 10;

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
    private readonly double[] _corrections = new double[TrackedRows];
    private double _draftCorrection = 1;
    private double _plainOverhead;
    private double _draftOverhead;
    private double _pace = 1;
    private int _roundsSeen;

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
        Array.Fill(_corrections, 1);
        _plainOverhead = _draftOverhead = _profile.RoundOverheadMilliseconds;
    }

    /// <summary>Time of a target decode, in milliseconds.</summary>
    /// <param name="rows">Rows of the decode, at least 1.</param>
    /// <param name="depth">Committed tokens of the request.</param>
    public double VerifyMilliseconds(int rows, int depth) =>
        _pace * _corrections[Math.Min(rows, TrackedRows - 1)] * _profile.VerifyMilliseconds(rows, depth);

    /// <summary>One request's share of the first draft pass of a round, in milliseconds.</summary>
    /// <param name="missingRows">Rows that it decodes for the request, at least 1.</param>
    /// <param name="requests">Requests that draft together.</param>
    public double FirstPassMilliseconds(int missingRows, int requests) =>
        _pace * _draftCorrection * (Share(_draft.FirstPassMilliseconds, requests) + ((missingRows - 1) * _draft.RowMilliseconds));

    /// <summary>One request's share of each further draft pass, in milliseconds.</summary>
    public double NextPassMilliseconds(int requests) => _pace * _draftCorrection * Share(_draft.NextPassMilliseconds, requests);

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

        ObserveVerify(outcome.BatchRows, outcome.VerifyMilliseconds / _profile.VerifyMilliseconds(outcome.BatchRows, outcome.Position));
        if (outcome.ConcurrentRequests != 1)
        {
            return;
        }

        var overhead = outcome.StepMilliseconds - outcome.DraftMilliseconds - outcome.VerifyMilliseconds;
        ref var known = ref (outcome.PassCount > 0 ? ref _draftOverhead : ref _plainOverhead);
        known += PaceWeight * (Math.Clamp(overhead, 0, (2 * known) + (0.01 * VerifyMilliseconds(outcome.BatchRows, outcome.Position))) - known);
        if (outcome.PassCount > 0 && outcome.MissingRows <= MostRowsOfPass && outcome.DraftMilliseconds > 0)
        {
            var expected = FirstPassMilliseconds(outcome.MissingRows, 1) + ((outcome.PassCount - 1) * NextPassMilliseconds(1));
            _draftCorrection *= Math.Exp(CorrectionWeight * Surprise(outcome.DraftMilliseconds / expected));
        }
    }

    /// <summary>Writes what holds beyond this run: the corrections, not the present pace.</summary>
    internal void Save(BinaryWriter writer)
    {
        writer.Write(_draftCorrection);
        writer.Write(_plainOverhead);
        writer.Write(_draftOverhead);
        Array.ForEach(_corrections, writer.Write);
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidDataException">A value cannot have been learned.</exception>
    internal void Load(BinaryReader reader)
    {
        _draftCorrection = ReadFactor(reader);
        _plainOverhead = ReadOverhead(reader);
        _draftOverhead = ReadOverhead(reader);
        for (var i = 0; i < TrackedRows; i++)
        {
            _corrections[i] = ReadFactor(reader);
        }
    }

    private void ObserveVerify(int rows, double ratio)
    {
        ref var correction = ref _corrections[Math.Min(rows, TrackedRows - 1)];
        var surprise = Surprise(ratio / (_pace * correction));
        if (_roundsSeen < RoundsToFindPace)
        {
            var factor = _roundsSeen == 0 ? ratio : Math.Exp(surprise / ++_roundsSeen);
            _roundsSeen = Math.Max(_roundsSeen, 1);
            _pace *= factor;
            _plainOverhead *= factor;
            _draftOverhead *= factor;
            return;
        }

        _pace *= Math.Exp(PaceWeight * surprise);
        correction *= Math.Exp(CorrectionWeight * surprise);
    }

    private static double Surprise(double ratio) => Math.Clamp(Math.Log(ratio), -Clip, Clip);

    private double Share(double milliseconds, int requests) => (milliseconds + ((requests - 1) * _draft.BatchRowMilliseconds)) / requests;

    private static double ReadFactor(BinaryReader reader)
    {
        var value = reader.ReadDouble();
        return value is > 0.01 and < 100 ? value : throw new InvalidDataException($"A correction of {value} is not one.");
    }

    private static double ReadOverhead(BinaryReader reader)
    {
        var value = reader.ReadDouble();
        return value is >= 0 and <= CostProfile.LongestMilliseconds ? value : throw new InvalidDataException($"An overhead of {value} ms is not one.");
    }
}
