using System.Numerics;

namespace LlamaSpec.Drafting.ModelFree;

/// <summary>
/// Counts of tri-grams in bounded memory: where there is no room for new ones, the rarest are forgotten (lossy counting; Manku
/// and Motwani, "Approximate frequency counts over data streams", 2002).
/// </summary>
internal sealed class TrigramCounts(int maximumCount)
{
    public const int TokenBits = 21;

    private const int FirstSlots = 1 << 12;

    // A tri-gram + 1, so that 0 is an empty slot.
    private ulong[] _keys = new ulong[FirstSlots];
    private int[] _counts = new int[FirstSlots];

    public int Count { get; private set; }

    /// <summary>Tri-grams that were forgotten for want of room, each time.</summary>
    public long ForgottenCount { get; private set; }

    public void Add(int first, int second, int third)
    {
        var key = ((((ulong)first << TokenBits) | (uint)second) << TokenBits) | (uint)third;
        var slot = SlotOf(_keys, key + 1);
        if (_keys[slot] == 0)
        {
            if (Count == maximumCount)
            {
                ForgetRarest();
            }
            else if (Count >= _keys.Length / 4 * 3)
            {
                Resize(_keys.Length * 2, leastCount: 0);
            }

            slot = SlotOf(_keys, key + 1);
            _keys[slot] = key + 1;
            Count++;
        }

        _counts[slot] += _counts[slot] < int.MaxValue ? 1 : 0;
    }

    /// <summary>All tri-grams in ascending order, and their counts.</summary>
    public (ulong[] Keys, int[] Counts) ToSorted()
    {
        var (keys, counts) = (new ulong[Count], new int[Count]);
        var next = 0;
        for (var slot = 0; slot < _keys.Length; slot++)
        {
            if (_keys[slot] != 0)
            {
                (keys[next], counts[next++]) = (_keys[slot] - 1, _counts[slot]);
            }
        }

        Array.Sort(keys, counts);
        return (keys, counts);
    }

    // A quarter at least, so that it is not done for every new one.
    private void ForgetRarest()
    {
        var before = Count;
        var sorted = ToSorted().Counts;
        Array.Sort(sorted);
        Resize(_keys.Length, leastCount: sorted[Count / 4] + 1);
        ForgottenCount += before - Count;
    }

    private void Resize(int slotCount, int leastCount)
    {
        var (keys, counts) = (new ulong[slotCount], new int[slotCount]);
        Count = 0;
        for (var i = 0; i < _keys.Length; i++)
        {
            if (_keys[i] != 0 && _counts[i] >= leastCount)
            {
                var slot = SlotOf(keys, _keys[i]);
                (keys[slot], counts[slot]) = (_keys[i], _counts[i]);
                Count++;
            }
        }

        (_keys, _counts) = (keys, counts);
    }

    private static int SlotOf(ulong[] keys, ulong key)
    {
        var mask = keys.Length - 1;
        var slot = (int)((key * 0x9E3779B97F4A7C15) >> 32) & mask;
        while (keys[slot] != 0 && keys[slot] != key)
        {
            slot = (slot + 1) & mask;
        }

        return slot;
    }
}
