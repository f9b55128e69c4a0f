using LlamaSpec.Models;

namespace LlamaSpec.Scheduling;

/// <summary>Hands out slots, the one that shares the longest prefix with a prompt first, and keeps the target's KV cache in step.</summary>
internal sealed class SequencePool
{
    private readonly IModelRunner _target;
    private readonly SequenceSlot[] _slots;
    private long _uses;

    public SequencePool(IModelRunner target, int slotCount, int contextLength, int maximumDraftLength)
    {
        _target = target;
        _slots = new SequenceSlot[slotCount];
        for (var i = 0; i < slotCount; i++)
        {
            _slots[i] = new SequenceSlot(i, contextLength, maximumDraftLength, target.Model.VocabularySize);
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
        slot.Tokens.DropDraft();
        slot.IsBusy = false;
        slot.LastUse = ++_uses;
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
