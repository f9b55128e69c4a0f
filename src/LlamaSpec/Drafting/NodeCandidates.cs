namespace LlamaSpec.Drafting;

/// <summary>Candidates in descending order of value; of equal ones the earlier first. Sized once: the least valuable is dropped.</summary>
/// <param name="capacity">Most candidates.</param>
internal sealed class NodeCandidates(int capacity)
{
    private readonly NodeCandidate[] _candidates = new NodeCandidate[capacity];
    private readonly double[] _values = new double[capacity];

    public int Count { get; private set; }

    public ReadOnlySpan<double> Values => _values.AsSpan(0, Count);

    public NodeCandidate this[int index] => _candidates[index];

    public void Clear() => Count = 0;

    public void Add(in NodeCandidate candidate)
    {
        var index = Count;
        while (index > 0 && candidate.Value > _values[index - 1])
        {
            index--;
        }

        if (index == capacity)
        {
            return;
        }

        Count = Math.Min(Count + 1, capacity);
        Move(index, index + 1, Count - index - 1);
        _candidates[index] = candidate;
        _values[index] = candidate.Value;
    }

    public void RemoveAt(int index)
    {
        Move(index + 1, index, Count - index - 1);
        Count--;
    }

    private void Move(int from, int to, int count)
    {
        Array.Copy(_candidates, from, _candidates, to, count);
        Array.Copy(_values, from, _values, to, count);
    }
}
