namespace LlamaSpec.Drafting.ModelFree;

/// <summary>
/// The heaviest continuations of two tokens, table and request together, the heaviest first; of equal ones the table's come first.
/// Filled anew for each pair.
/// </summary>
internal sealed class TrigramCandidates(TrigramTable? table, TrigramOverlay overlay)
{
    private readonly int[] _tokens = new int[TrigramTable.MostContinuations];
    private readonly float[] _weights = new float[TrigramTable.MostContinuations];

    public int Count { get; private set; }

    /// <summary>Sum of the weights.</summary>
    public float Sum { get; private set; }

    public ReadOnlySpan<int> Tokens => _tokens.AsSpan(0, Count);

    public ReadOnlySpan<float> Weights => _weights.AsSpan(0, Count);

    public void Fill(int first, int second)
    {
        var known = table is null ? default : table.Find(first, second);
        known.Tokens.CopyTo(_tokens);
        known.Weights.CopyTo(_weights);
        Count = known.Tokens.Length;
        var entry = overlay.FirstOf(first, second);
        for (; entry >= 0; entry = overlay.At(entry).Next)
        {
            Add(overlay.At(entry).Third, overlay.At(entry).Weight);
        }

        Sum = 0;
        foreach (var weight in Weights)
        {
            Sum += weight;
        }
    }

    /// <summary>
    /// The share of a candidate, as a confidence in (0, 1). One sighting of something else is always allowed for: a pair
    /// that was seen once is not certain.
    /// </summary>
    public float ConfidenceOf(int index) => _weights[index] / (Sum + overlay.Options.Increment);

    /// <summary>The candidate that a number in [0, 1) draws by weight.</summary>
    public int Draw(double uniform)
    {
        var left = uniform * Sum;
        var index = 0;
        while (index < Count - 1 && (left -= _weights[index]) >= 0)
        {
            index++;
        }

        return index;
    }

    private void Add(int token, float weight)
    {
        var place = Tokens.IndexOf(token);
        if (place >= 0)
        {
            weight = Math.Min(overlay.Options.MaximumWeight, weight + _weights[place]);
        }
        else if (Count < _tokens.Length)
        {
            place = Count++;
        }
        else if (weight > _weights[^1])
        {
            place = Count - 1;
        }
        else
        {
            return;
        }

        for (; place > 0 && _weights[place - 1] < weight; place--)
        {
            (_tokens[place], _weights[place]) = (_tokens[place - 1], _weights[place - 1]);
        }

        (_tokens[place], _weights[place]) = (token, weight);
    }
}
