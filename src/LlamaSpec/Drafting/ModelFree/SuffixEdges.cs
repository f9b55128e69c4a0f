using System.Diagnostics;
using System.Numerics;

namespace LlamaSpec.Drafting.ModelFree;

/// <summary>
/// The transitions of a suffix automaton in flat arrays: found by state and token through open addressing, and listed for each
/// state from the newest to the oldest.
/// </summary>
internal sealed class SuffixEdges
{
    private readonly Edge[] _edges;

    // Number of an edge + 1, so that a cleared table is empty.
    private readonly int[] _slots;
    private int _count;

    public SuffixEdges(int capacity)
    {
        _edges = new Edge[capacity];
        _slots = new int[BitOperations.RoundUpToPowerOf2((uint)capacity + 1)];
    }

    public ref Edge this[int edge] => ref _edges[edge];

    public void Clear()
    {
        if (_count > 0)
        {
            Array.Clear(_slots);
        }

        _count = 0;
    }

    /// <summary>The edge, or -1.</summary>
    public int Find(int source, int token) => _slots[SlotOf(source, token)] - 1;

    public int Add(int source, int token, int target, int count, ref int first)
    {
        Debug.Assert(_count < _edges.Length, "A text of n tokens has at most 3n transitions.");
        _edges[_count] = new Edge { Source = source, Token = token, Target = target, Count = count, Next = first };
        first = _count;
        _slots[SlotOf(source, token)] = ++_count;
        return first;
    }

    // The slot that has the edge, or the empty one that would.
    private int SlotOf(int source, int token)
    {
        var mask = _slots.Length - 1;
        var slot = (int)(((((ulong)(uint)source << 32) | (uint)token) * 0x9E3779B97F4A7C15) >> 32) & mask;
        int edge;
        while ((edge = _slots[slot] - 1) >= 0 && (_edges[edge].Source != source || _edges[edge].Token != token))
        {
            slot = (slot + 1) & mask;
        }

        return slot;
    }

    public struct Edge
    {
        public int Source;
        public int Token;
        public int Target;
        public int Next;
        public int Count;
    }
}
