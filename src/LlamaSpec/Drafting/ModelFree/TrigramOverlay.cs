using System.Numerics;

namespace LlamaSpec.Drafting.ModelFree;

/// <summary>
/// The tri-grams of one request's text: the online part of ADED (arXiv 2407.12021). Each round those inside the last tokens gain
/// weight. Arrays are sized at the start. One thread at a time.
/// </summary>
public sealed class TrigramOverlay
{
    private readonly Entry[] _entries;

    // Number of the latest entry of a pair + 1; older ones hang on it.
    private readonly int[] _slots;

    /// <summary>Makes an empty overlay.</summary>
    /// <param name="options">Weights and limits; null = the defaults.</param>
    public TrigramOverlay(TrigramOverlayOptions? options = null)
    {
        Options = options ?? new TrigramOverlayOptions();
        Options.Validate();
        _entries = new Entry[Options.MaximumTrigrams];
        _slots = new int[BitOperations.RoundUpToPowerOf2((uint)Options.MaximumTrigrams * 2)];
    }

    /// <summary>Weights and limits.</summary>
    public TrigramOverlayOptions Options { get; }

    /// <summary>Different tri-grams remembered.</summary>
    public int Count { get; private set; }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        if (Count > 0)
        {
            Array.Clear(_slots);
        }

        Count = 0;
    }

    /// <summary>Every tri-gram inside the last tokens of a text gains weight; one that occurs twice there gains twice.</summary>
    public void Observe(ReadOnlySpan<int> text)
    {
        var context = text[Math.Max(0, text.Length - Options.ContextLength)..];
        for (var i = 2; i < context.Length; i++)
        {
            ref var entry = ref FindOrAdd(context[i - 2], context[i - 1], context[i]);
            entry.Weight = Math.Min(Options.MaximumWeight, entry.Weight + Options.Increment);
        }
    }

    /// <summary>The weight that a tri-gram has gained; 0 = not seen.</summary>
    public float WeightOf(int first, int second, int third)
    {
        var entry = FirstOf(first, second);
        while (entry >= 0 && _entries[entry].Third != third)
        {
            entry = _entries[entry].Next;
        }

        return entry < 0 ? 0 : _entries[entry].Weight;
    }

    /// <summary>The latest entry of a pair of tokens; -1 = none.</summary>
    internal int FirstOf(int first, int second) => _slots[SlotOf(first, second)] - 1;

    internal ref readonly Entry At(int entry) => ref _entries[entry];

    private ref Entry FindOrAdd(int first, int second, int third)
    {
        var latest = FirstOf(first, second);
        for (var entry = latest; entry >= 0; entry = _entries[entry].Next)
        {
            if (_entries[entry].Third == third)
            {
                return ref _entries[entry];
            }
        }

        if (Count == _entries.Length)
        {
            ForgetOlderHalf();
        }

        return ref Add(new Entry { First = first, Second = second, Third = third });
    }

    private ref Entry Add(Entry entry)
    {
        ref var slot = ref _slots[SlotOf(entry.First, entry.Second)];
        entry.Next = slot - 1;
        _entries[Count] = entry;
        slot = ++Count;
        return ref _entries[Count - 1];
    }

    private void ForgetOlderHalf()
    {
        var (start, end) = (Count - (Count / 2), Count);
        Clear();
        for (var i = start; i < end; i++)
        {
            Add(_entries[i]);
        }
    }

    private int SlotOf(int first, int second)
    {
        var mask = _slots.Length - 1;
        var slot = (int)(((((ulong)(uint)first << 32) | (uint)second) * 0x9E3779B97F4A7C15) >> 32) & mask;
        int entry;
        while ((entry = _slots[slot] - 1) >= 0 && (_entries[entry].First != first || _entries[entry].Second != second))
        {
            slot = (slot + 1) & mask;
        }

        return slot;
    }

    internal struct Entry
    {
        public int First;
        public int Second;
        public int Third;
        public int Next;
        public float Weight;
    }
}
