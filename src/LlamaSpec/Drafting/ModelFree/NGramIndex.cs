using System.Numerics;

namespace LlamaSpec.Drafting.ModelFree;

/// <summary>
/// Where each n-gram of a text, for one n, was last followed by a token. Open addressing; n-grams are compared in the text
/// itself, so two are never mistaken for each other.
/// </summary>
internal sealed class NGramIndex
{
    private readonly int[] _text;
    private readonly Entry[] _entries;
    private bool _isEmpty = true;

    /// <param name="gramLength">Tokens of an n-gram.</param>
    /// <param name="text">The text; the first tokens are those seen so far.</param>
    public NGramIndex(int gramLength, int[] text)
    {
        GramLength = gramLength;
        _text = text;
        _entries = new Entry[BitOperations.RoundUpToPowerOf2((uint)text.Length + 1)];
    }

    public int GramLength { get; }

    public void Clear()
    {
        if (!_isEmpty)
        {
            Array.Clear(_entries);
        }

        _isEmpty = true;
    }

    /// <summary>The token at a position of the text followed the n-gram before it.</summary>
    public void Add(int position)
    {
        if (position < GramLength)
        {
            return;
        }

        ref var entry = ref _entries[SlotOf(_text.AsSpan(position - GramLength, GramLength))];
        var isSame = entry.Position > 0 && _text[entry.Position] == _text[position];
        entry = new Entry(position, isSame ? entry.AgreeingCount + 1 : 1, entry.SeenCount + 1);
        _isEmpty = false;
    }

    /// <summary>The latest continuation of an n-gram; its position is 0 where there is none.</summary>
    public Entry Find(ReadOnlySpan<int> gram) => _entries[SlotOf(gram)];

    private int SlotOf(ReadOnlySpan<int> gram)
    {
        var hash = 0xCBF29CE484222325;
        foreach (var token in gram)
        {
            hash = (hash ^ (uint)token) * 0x9E3779B97F4A7C15;
            hash ^= hash >> 29;
        }

        var mask = _entries.Length - 1;
        var slot = (int)(hash >> 32) & mask;
        int position;
        while ((position = _entries[slot].Position) > 0 && !_text.AsSpan(position - GramLength, GramLength).SequenceEqual(gram))
        {
            slot = (slot + 1) & mask;
        }

        return slot;
    }

    /// <param name="Position">Of the token that followed last; 0 = none.</param>
    /// <param name="AgreeingCount">Times in a row, up to now, that this token followed.</param>
    /// <param name="SeenCount">Times that any token followed.</param>
    public readonly record struct Entry(int Position, int AgreeingCount, int SeenCount);
}
