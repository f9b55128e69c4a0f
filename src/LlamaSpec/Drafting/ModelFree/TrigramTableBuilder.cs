namespace LlamaSpec.Drafting.ModelFree;

/// <summary>Puts a table together from pairs in ascending order.</summary>
internal sealed class TrigramTableBuilder(int vocabularySize, int keyCapacity)
{
    private readonly int[] _firstStarts = new int[vocabularySize + 1];
    private readonly List<int> _seconds = new(keyCapacity);
    private readonly List<int> _starts = new(keyCapacity + 1);
    private readonly List<int> _tokens = new(keyCapacity);
    private readonly List<float> _weights = new(keyCapacity);
    private int _first;

    /// <summary>Starts the next pair; its continuations follow.</summary>
    public void AddKey(int first, int second)
    {
        StartFirst(first);
        _seconds.Add(second);
        _starts.Add(_tokens.Count);
    }

    public void AddContinuation(int token, float weight)
    {
        _tokens.Add(token);
        _weights.Add(weight);
    }

    public TrigramTable Build(TrigramOrigin origin)
    {
        StartFirst(vocabularySize);
        _starts.Add(_tokens.Count);
        return new TrigramTable(origin, _firstStarts, [.. _seconds], [.. _starts], [.. _tokens], [.. _weights]);
    }

    private void StartFirst(int first)
    {
        while (_first < first)
        {
            _firstStarts[++_first] = _seconds.Count;
        }
    }
}
