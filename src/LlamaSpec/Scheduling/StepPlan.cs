using LlamaSpec.Policies;

namespace LlamaSpec.Scheduling;

/// <summary>What one request does in one step: a chunk of its prompt, a round, or the last chunk and the first round.</summary>
internal sealed class StepEntry
{
    public Request Request { get; set; } = null!;

    /// <summary>Prompt tokens to decode.</summary>
    public int PrefillCount { get; set; }

    /// <summary>Whether the anchor token is decoded, and with it the draft.</summary>
    public bool HasRound { get; set; }

    /// <summary>How large the round's draft may be.</summary>
    public DraftLimits Limits { get; set; }

    /// <summary>Row of the anchor token in the target's batch.</summary>
    public int AnchorRow { get; set; }

    /// <summary>Its row among those of the batch that have logits.</summary>
    public int FirstOutputRow { get; set; }

    /// <summary>Its index among the rounds that are verified together; -1 = verified alone.</summary>
    public int BatchIndex { get; set; } = -1;

    /// <summary>How the round ended; null before it has.</summary>
    public RoundOutcome? Outcome { get; set; }

    public SequenceSlot Slot => Request.Slot!;
}

/// <summary>One step as data, before it is an action. Entries are reused.</summary>
internal sealed class StepPlan(int capacity)
{
    private readonly StepEntry[] _entries = [.. Enumerable.Range(0, capacity).Select(static _ => new StepEntry())];
    private int _count;

    public ReadOnlySpan<StepEntry> Entries => _entries.AsSpan(0, _count);

    /// <summary>Prompt rows of the step.</summary>
    public int PromptRows { get; private set; }

    /// <summary>Rows of the target's batch before anything is drafted: anchor tokens and prompt rows.</summary>
    public int RowsWithoutDrafts { get; private set; }

    public void Clear() => (_count, PromptRows, RowsWithoutDrafts) = (0, 0, 0);

    public StepEntry Add(Request request, int prefillCount, bool hasRound, DraftLimits limits)
    {
        var entry = _entries[_count++];
        entry.Request = request;
        entry.PrefillCount = prefillCount;
        entry.HasRound = hasRound;
        entry.Limits = limits;
        entry.Outcome = null;
        PromptRows += prefillCount;
        RowsWithoutDrafts += prefillCount + (hasRound ? 1 : 0);
        return entry;
    }
}
