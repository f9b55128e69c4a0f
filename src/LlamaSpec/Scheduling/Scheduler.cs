namespace LlamaSpec.Scheduling;

/// <summary>
/// Decides which requests a step serves, and with how many rows. Rounds come first, so that running answers keep their pace;
/// prompts share the rows that are left, in order of arrival.
/// </summary>
internal sealed class Scheduler(int concurrentRequests, int rowCapacity, int contextLength, DraftLimits limits)
{
    private readonly List<Request> _running = new(concurrentRequests);
    private readonly StepPlan _plan = new(concurrentRequests);

    public IReadOnlyList<Request> Running => _running;

    public void Add(Request request) => _running.Add(request);

    /// <summary>Takes a request out. The room it leaves lets the suspended ones start over.</summary>
    public void Remove(Request request)
    {
        _running.Remove(request);
        foreach (var other in _running)
        {
            other.IsSuspended = false;
        }
    }

    /// <summary>Suspends the youngest request, unless it is the only one left. Either way it is given.</summary>
    public bool TrySuspendYoungest(out Request youngest)
    {
        var index = _running.FindLastIndex(static request => !request.IsSuspended);
        youngest = _running[index];
        youngest.IsSuspended = _running.FindIndex(static request => !request.IsSuspended) != index;
        return youngest.IsSuspended;
    }

    /// <summary>Plans one step for the requests that run. The same object each time.</summary>
    public StepPlan Plan()
    {
        _plan.Clear();
        var rows = rowCapacity;
        foreach (var request in _running)
        {
            if (!request.IsSuspended && request.Slot!.PrefillRemaining == 0)
            {
                var draft = LimitsOf(request);
                _plan.Add(request, 0, hasRound: true, draft);
                rows -= draft.Nodes + 1;
            }
        }

        foreach (var request in _running)
        {
            var remaining = request.Slot!.PrefillRemaining;
            if (request.IsSuspended || remaining == 0 || rows <= 0)
            {
                continue;
            }

            // The last chunk is followed by the first round in the same batch. Its draft is a chain: what the chunk adds to the
            // KV cache, branches would not hold.
            var draft = LimitsOf(request);
            draft = DraftLimits.Chain(Math.Min(draft.Length, draft.Nodes));
            var hasRound = remaining + draft.Nodes + 1 <= rows;
            var count = hasRound ? remaining : Math.Min(remaining, rows);
            _plan.Add(request, count, hasRound, draft);
            rows -= hasRound ? count + draft.Nodes + 1 : count;
        }

        return _plan;
    }

    // A round commits one token more than it accepts; neither the token limit nor the context may be passed.
    private DraftLimits LimitsOf(Request request)
    {
        var room = contextLength - request.Slot!.Tokens.CommittedCount - 1;
        var length = Math.Max(0, Math.Min(limits.Length, Math.Min(room, request.Stop.RemainingTokens - 1)));
        return length == 0 ? default : limits with { Length = length };
    }
}
