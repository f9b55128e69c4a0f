using LlamaSpec.Models;

namespace LlamaSpec.Scheduling;

/// <summary>Hands out slots, the one that shares the longest prefix with a prompt first, and keeps the target's KV cache in step.</summary>
internal sealed class SequencePool
{
    private readonly IModelRunner _target;
    private readonly SequenceSlot[] _slots;
    private readonly int _branchesPerSlot;
    private long _uses;

    public SequencePool(IModelRunner target, int slotCount, int contextLength, DraftLimits limits)
    {
        _target = target;
        _branchesPerSlot = limits.Paths - 1;
        _slots = new SequenceSlot[slotCount];
        for (var i = 0; i < slotCount; i++)
        {
            _slots[i] = new SequenceSlot(i, contextLength, limits, target.Model.VocabularySize);
        }
    }

    public ReadOnlySpan<SequenceSlot> Slots => _slots;

    public bool HasIdleSlot => Array.Exists(_slots, static slot => !slot.IsBusy);

    /// <summary>
    /// Takes an idle slot for a prompt: the one whose cache it continues, else the one that was used longest ago, so that two
    /// conversations with the same beginning do not take turns in one slot. Its <see cref="SequenceSlot.CachedCount"/> tells how much of it is cached.</summary>
    public SequenceSlot Acquire(ReadOnlySpan<int> prompt)
    {
        SequenceSlot? best = null;
        var bestContinued = -1;
        foreach (var slot in _slots)
        {
            if (slot.IsBusy)
            {
                continue;
            }

            // Sharing less than half of what a slot holds is no continuation: taking it would lose more than it saves.
            var shared = SharedLength(slot, prompt);
            var continued = shared * 2 >= slot.CachedCount ? shared : 0;
            if (continued > bestContinued || (continued == bestContinued && slot.LastUse < best!.LastUse))
            {
                (best, bestContinued) = (slot, continued);
            }
        }

        if (best is null)
        {
            throw new InvalidOperationException("No slot is idle: check HasIdleSlot first.");
        }

        // The last token of the prompt is the anchor token: it is decoded in the first round, never before.
        Trim(best, Math.Min(SharedLength(best, prompt), prompt.Length - 1));
        best.Tokens.Reset(prompt);
        best.IsBusy = true;
        return best;
    }

    /// <summary>Gives a slot back. Its KV cache is kept for the next request.</summary>
    public void Release(SequenceSlot slot)
    {
        slot.Job.Tree.Clear();
        slot.IsBusy = false;
        slot.LastUse = ++_uses;
    }

    /// <summary>The sequence of a path of a slot's draft: the slot's own for the first, further ones behind those of all slots.</summary>
    public SequenceId PathSequence(SequenceSlot slot, int path) =>
        path == 0 ? slot.Sequence : new SequenceId(_slots.Length + (slot.Index * _branchesPerSlot) + path - 1);

    /// <summary>Lets every path of the slot's draft begin with what the slot holds.</summary>
    public void Fork(SequenceSlot slot)
    {
        slot.Paths.Assign(slot.Job.Tree);
        for (var path = 1; path < slot.Paths.Count; path++)
        {
            _target.CopySequence(slot.Sequence, PathSequence(slot, path), 0, slot.CachedCount);
        }
    }

    /// <summary>Of the draft that was decoded behind <paramref name="committedCount"/> tokens, keeps the path to a node in the slot's sequence, and nothing else.</summary>
    /// <param name="slot">The slot.</param>
    /// <param name="committedCount">Committed tokens before the round, the anchor token included.</param>
    /// <param name="lastNode">The last accepted node; -1 = none.</param>
    /// <param name="validCount">How many tokens stay at most: a stop can cut inside the accepted ones.</param>
    public void KeepPath(SequenceSlot slot, int committedCount, int lastNode, int validCount)
    {
        var through = slot.Paths.Through(lastNode);
        var shared = lastNode;
        while ((slot.Paths.Through(shared) & 1) == 0)
        {
            shared = slot.Job.Tree.Parents[shared];
        }

        // The slot's sequence holds the first path; where another won, its cells take over where the two part.
        var kept = Math.Min(validCount, committedCount + (shared < 0 ? 0 : slot.Job.Tree.Depths[shared] + 1));
        slot.CachedCount = Math.Max(kept, _target.SequenceLength(slot.Sequence));
        Trim(slot, kept);
        if (slot.CachedCount == kept && kept < validCount)
        {
            _target.CopySequence(PathSequence(slot, System.Numerics.BitOperations.TrailingZeroCount(through)), slot.Sequence, kept, validCount);
            slot.CachedCount = validCount;
        }

        ReleaseBranches(slot);
    }

    /// <summary>Drops the paths of the slot's draft but for the first, which is the slot's own sequence.</summary>
    public void ReleaseBranches(SequenceSlot slot)
    {
        for (var path = 1; path < slot.Paths.Count; path++)
        {
            _target.ReleaseSequence(PathSequence(slot, path));
        }

        slot.Paths.Clear();
    }

    /// <summary>Drops the cells of a slot at a position and after.</summary>
    public void Trim(SequenceSlot slot, int position)
    {
        if (_target.SequenceLength(slot.Sequence) <= position)
        {
            slot.CachedCount = Math.Min(slot.CachedCount, position);
        }
        else if (_target.TrimSequence(slot.Sequence, position))
        {
            slot.CachedCount = position;
        }
        else
        {
            Forget(slot);
        }
    }

    /// <summary>Drops all cells of a slot.</summary>
    public void Forget(SequenceSlot slot)
    {
        ReleaseBranches(slot);
        _target.ReleaseSequence(slot.Sequence);
        slot.CachedCount = 0;
    }

    /// <summary>Drops the cells of the idle slot that was used longest ago. False when no idle slot holds any.</summary>
    public bool TryForgetIdle()
    {
        SequenceSlot? oldest = null;
        foreach (var slot in _slots)
        {
            if (!slot.IsBusy && slot.CachedCount > 0 && (oldest is null || slot.LastUse < oldest.LastUse))
            {
                oldest = slot;
            }
        }

        if (oldest is null)
        {
            return false;
        }

        Forget(oldest);
        return true;
    }

    private static int SharedLength(SequenceSlot slot, ReadOnlySpan<int> prompt) =>
        Math.Min(slot.CachedCount, slot.Tokens.CommonPrefixLength(prompt));
}
