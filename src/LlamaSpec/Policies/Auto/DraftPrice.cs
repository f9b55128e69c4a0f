using LlamaSpec.Policies.Costs;

namespace LlamaSpec.Policies.Auto;

/// <summary>What a request's further tokens would cost and earn at one moment of a round, in tokens: the marginal value of drafting.</summary>
/// <param name="costs">What decodes cost.</param>
/// <param name="tokensPerMillisecond">The speed that the time could buy otherwise, of all requests of the step together.</param>
/// <param name="progress">The draft as it stands.</param>
/// <param name="sharing">Requests that are expected to share the next pass.</param>
internal readonly ref struct DraftPrice(CostModel costs, double tokensPerMillisecond, in DraftProgress progress, double sharing)
{
    // Steps of the staircase are a few rows wide; beyond, survival is small.
    private const int MostStepsAhead = 8;

    private readonly DraftProgress _progress = progress;

    /// <summary>Time of the request's share of a further pass, in milliseconds.</summary>
    public double NextPassMilliseconds => costs.NextPassMilliseconds(_progress.ConcurrentRequests, sharing);

    /// <summary>What one more row of the target's decode costs now, in tokens.</summary>
    public double Row => tokensPerMillisecond * RowsMilliseconds(0, 1);

    /// <summary>Whether a pass that is paid for anyway should go on from a further node too: for its own row, and that of a child.</summary>
    /// <param name="value">Probability that verification gets past the node.</param>
    /// <param name="furtherAcceptance">Acceptance probability of its child.</param>
    public bool PaysForBranch(double value, double furtherAcceptance) =>
        value * (1 + furtherAcceptance) > (2 * Row) + (tokensPerMillisecond * costs.BranchRowMilliseconds(_progress.ConcurrentRequests));

    /// <summary>
    /// The best value, over all ways to go on, of paying for the next pass and perhaps some more: expected tokens less the
    /// tokens that their time would buy. Looks ahead, because the target's time is a staircase.
    /// </summary>
    /// <param name="survival">Probability that the draft so far survives.</param>
    /// <param name="nextAcceptance">Acceptance probability of the next token.</param>
    /// <param name="furtherAcceptance">Of those behind it.</param>
    /// <param name="firstMilliseconds">Time of the next pass, and what else is paid for once.</param>
    /// <param name="rowsAhead">Tokens that are decided on, but not yet in the batch.</param>
    public double BestValue(double survival, double nextAcceptance, double furtherAcceptance, double firstMilliseconds, int rowsAhead = 0)
    {
        var best = double.NegativeInfinity;
        var most = Math.Min(_progress.MaximumLength - _progress.DraftedCount - rowsAhead, MostStepsAhead);
        var milliseconds = firstMilliseconds;
        var tokens = 0.0;
        for (var count = 1; count <= most; count++)
        {
            survival *= count == 1 ? nextAcceptance : furtherAcceptance;
            tokens += survival;
            best = Math.Max(best, tokens - (tokensPerMillisecond * (milliseconds + RowsMilliseconds(rowsAhead, count))));
            milliseconds += NextPassMilliseconds;
        }

        return best;
    }

    /// <summary>How many nodes of a draft that is already there are worth their rows.</summary>
    /// <param name="survival">The probability of each that its path is accepted, descending.</param>
    /// <param name="value">Expected tokens less the tokens that the rows' time would buy.</param>
    /// <param name="milliseconds">The rows' time.</param>
    public int NodesWorth(ReadOnlySpan<double> survival, out double value, out double milliseconds)
    {
        var best = 0;
        var tokens = 0.0;
        (value, milliseconds) = (0, 0);
        for (var count = 1; count <= survival.Length; count++)
        {
            tokens += survival[count - 1];
            var rows = RowsMilliseconds(0, count);
            if (tokens - (tokensPerMillisecond * rows) > value)
            {
                (best, value, milliseconds) = (count, tokens - (tokensPerMillisecond * rows), rows);
            }
        }

        return best;
    }

    private double RowsMilliseconds(int rowsAhead, int count) =>
        costs.RowsMilliseconds(Math.Max(_progress.BatchRows, 1) + rowsAhead, count, _progress.Position, _progress.ConcurrentRequests);
}
