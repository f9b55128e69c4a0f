namespace LlamaSpec.Policies;

/// <summary>What all rounds of a step did together. The step's times are theirs, and only together are they explained.</summary>
/// <param name="Step">Number of the step, from 1: its rounds tell of the same times. 0 = not known; the round counts as a step of its own.</param>
/// <param name="Tokens">Tokens that its rounds committed.</param>
/// <param name="DraftingRequests">Requests that asked for a draft pass.</param>
/// <param name="Passes">Decodes of the draft: as many as the request asked for that asked for most.</param>
/// <param name="PassRows">Rows of all passes, one for each request that went on; the rows of the two next figures not included.</param>
/// <param name="CatchUpRows">Rows by which the draft lagged behind the committed tokens.</param>
/// <param name="BranchRows">Further nodes that passes went on from.</param>
public readonly record struct StepWork(
    long Step, int Tokens, int DraftingRequests, int Passes, int PassRows, int CatchUpRows, int BranchRows)
{
    /// <summary>The work of a step of which one round is known: the others, if there are any, did the same.</summary>
    public static StepWork Like(in RoundOutcome outcome)
    {
        var requests = Math.Max(1, outcome.ConcurrentRequests);
        var work = default(StepWork).With(outcome);
        return work with
        {
            Tokens = requests * work.Tokens,
            DraftingRequests = requests * work.DraftingRequests,
            PassRows = requests * work.PassRows,
            CatchUpRows = requests * work.CatchUpRows,
            BranchRows = requests * work.BranchRows,
        };
    }

    /// <summary>The same with a further round.</summary>
    public StepWork With(in RoundOutcome outcome)
    {
        var hasPasses = outcome.PassCount > 0;
        return this with
        {
            Tokens = Tokens + outcome.AcceptedCount + 1,
            DraftingRequests = DraftingRequests + (hasPasses ? 1 : 0),
            Passes = Math.Max(Passes, outcome.PassCount),
            PassRows = PassRows + outcome.PassCount,
            CatchUpRows = CatchUpRows + (hasPasses ? Math.Max(0, outcome.MissingRows - 1) : 0),
            BranchRows = BranchRows + outcome.BranchRows,
        };
    }
}
