namespace LlamaSpec.Policies.Costs;

/// <summary>
/// What draft passes cost against the target's pace: the profile's prices, corrected. For a request alone by one factor; for
/// several by two that are fitted together, of a pass and of its further rows, because what a row of a pass takes is no
/// fixed share of the pass.
/// </summary>
internal sealed class PassCosts
{
    // A pass that catches up on more rows than this tells about prompts, not about passes.
    private const int MostRowsOfPass = 4;

    private readonly DraftCosts _profile;
    private readonly bool _isCalibrated;
    private readonly RowFit _together;
    private LearnedFactor _alone;
    private bool _wasShared;

    /// <summary>Starts from a profile's prices, or from a guess.</summary>
    public PassCosts(DraftCosts profile, bool isCalibrated)
    {
        _profile = profile;
        _isCalibrated = isCalibrated;
        _alone = new LearnedFactor(isCalibrated);
        _together = new RowFit(isCalibrated);
    }

    /// <summary>One request's share of the first pass of a step.</summary>
    /// <param name="missingRows">Rows that it decodes for the request, at least 1.</param>
    /// <param name="requests">Requests in the step.</param>
    /// <param name="sharing">How many of them pay for it, as expected.</param>
    public double First(int missingRows, int requests, double sharing) =>
        Share(_profile.FirstPassMilliseconds, requests, sharing) + ((missingRows - 1) * Row(requests) * _profile.RowMilliseconds);

    /// <summary>One request's share of each further pass.</summary>
    public double Next(int requests, double sharing) => Share(_profile.NextPassMilliseconds, requests, sharing);

    /// <summary>A further row in a pass.</summary>
    public double BatchRow(int requests) => Row(requests) * _profile.BatchRowMilliseconds;

    /// <summary>All passes of a step.</summary>
    public double All(in StepWork work, int requests)
    {
        var (passes, rows) = Sum(work);
        return (Pass(requests) * passes) + (Row(requests) * rows);
    }

    /// <summary>Learns from a step.</summary>
    /// <param name="work">What was drafted.</param>
    /// <param name="requests">Requests in the step.</param>
    /// <param name="milliseconds">Time of all passes.</param>
    /// <param name="pace">Logarithm of the target's pace in the same step: it had the same machine.</param>
    public void Observe(in StepWork work, int requests, double milliseconds, double pace)
    {
        if (work.Passes == 0 || milliseconds <= 0 || work.CatchUpRows > (MostRowsOfPass - 1) * work.DraftingRequests)
        {
            return;
        }

        var surprise = Math.Log(milliseconds / All(work, requests)) - pace;
        if (requests == 1)
        {
            _alone.Move(surprise);
        }

        _wasShared |= requests > 1;
        var (passes, rows) = Sum(work);
        _together.Add(passes, rows, milliseconds / Math.Exp(pace));
        if (_alone.Seen == 0 && !_isCalibrated)
        {
            _alone.Shift(Math.Log(_together.First / _alone.Value));
        }
    }

    public void Save(BinaryWriter writer) => _alone.Save(writer);

    /// <exception cref="InvalidDataException">A value cannot have been learned.</exception>
    public void Load(BinaryReader reader)
    {
        _alone = LearnedFactor.Load(reader, _alone);
        _together.Start(_alone.Value);
    }

    private double Pass(int requests) => requests == 1 ? _alone.Value : _together.First;

    // A request alone has few rows to learn from.
    private double Row(int requests) => requests == 1 && !_wasShared ? _alone.Value : _together.Further;

    private double Share(double milliseconds, int requests, double sharing) =>
        ((Pass(requests) * milliseconds) + ((sharing - 1) * BatchRow(requests))) / sharing;

    // In the profile's prices.
    private (double Passes, double Rows) Sum(in StepWork work) =>
        (_profile.FirstPassMilliseconds + ((work.Passes - 1) * _profile.NextPassMilliseconds),
            ((work.PassRows - work.Passes + work.BranchRows) * _profile.BatchRowMilliseconds) + (work.CatchUpRows * _profile.RowMilliseconds));
}
