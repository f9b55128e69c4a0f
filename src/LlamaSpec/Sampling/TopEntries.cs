namespace LlamaSpec.Sampling;

/// <summary>
/// The best entries of a row seen so far: a heap inside the caller's two spans, the worst entry at its root.
/// Higher logit is better; of equal logits the lower column.
/// </summary>
internal readonly ref struct TopEntries
{
    private const int Placeholder = int.MaxValue;

    private readonly Span<int> _columns;
    private readonly Span<float> _logits;

    public TopEntries(Span<int> columns, Span<float> logits)
    {
        _columns = columns;
        _logits = logits;
        columns.Fill(Placeholder);
        logits.Fill(float.NegativeInfinity);
    }

    /// <summary>Logit of the worst entry. Columns come in ascending order, so one that ties with it is worse.</summary>
    public float Threshold => _logits[0];

    public void Offer(int column, float logit)
    {
        if (logit > _logits[0])
        {
            SiftDown(_logits.Length, column, logit);
        }
    }

    /// <summary>Sorts the entries, best first. Placeholders that remain stand for masked columns.</summary>
    public void Finish(ReadOnlySpan<float> row)
    {
        for (var last = _logits.Length - 1; last > 0; last--)
        {
            var (column, logit) = (_columns[last], _logits[last]);
            (_columns[last], _logits[last]) = (_columns[0], _logits[0]);
            SiftDown(last, column, logit);
        }

        var masked = 0;
        for (var i = 0; i < _columns.Length; i++)
        {
            if (_columns[i] == Placeholder)
            {
                masked += row[masked..].IndexOf(float.NegativeInfinity);
                _columns[i] = masked++;
            }
        }
    }

    /// <summary>Puts an entry in the place of the root of the first <paramref name="count"/> entries.</summary>
    private void SiftDown(int count, int column, float logit)
    {
        var hole = 0;
        while (hole < count / 2)
        {
            var child = 2 * hole + 1;
            if (child + 1 < count && IsWorse(_columns[child + 1], _logits[child + 1], _columns[child], _logits[child]))
            {
                child++;
            }

            if (!IsWorse(_columns[child], _logits[child], column, logit))
            {
                break;
            }

            (_columns[hole], _logits[hole]) = (_columns[child], _logits[child]);
            hole = child;
        }

        (_columns[hole], _logits[hole]) = (column, logit);
    }

    private static bool IsWorse(int column, float logit, int otherColumn, float otherLogit) =>
        logit < otherLogit || (logit == otherLogit && column > otherColumn);
}
