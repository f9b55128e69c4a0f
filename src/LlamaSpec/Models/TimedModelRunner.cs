using LlamaSpec.Diagnostics;

namespace LlamaSpec.Models;

/// <summary>A runner whose time is counted as native time, so that the managed overhead of a round can be told apart.</summary>
public sealed class TimedModelRunner(IModelRunner inner, NativeClock clock) : IModelRunner
{
    /// <inheritdoc />
    public ModelInfo Model => inner.Model;

    /// <inheritdoc />
    public int RowCapacity => inner.RowCapacity;

    /// <inheritdoc />
    public int SequenceCapacity => inner.SequenceCapacity;

    /// <inheritdoc />
    public int CellCapacity => inner.CellCapacity;

    /// <inheritdoc />
    public DecodeStatus Decode(TokenBatch batch)
    {
        var start = clock.Start();
        try
        {
            return inner.Decode(batch);
        }
        finally
        {
            clock.Stop(start);
        }
    }

    /// <inheritdoc />
    /// <remarks>Backends on a GPU wait for the decode here.</remarks>
    public ReadOnlySpan<float> LogitsRow(int row)
    {
        var start = clock.Start();
        var logits = inner.LogitsRow(row);
        clock.Stop(start);
        return logits;
    }

    /// <inheritdoc />
    public ReadOnlySpan<float> LogitsBlock
    {
        get
        {
            var start = clock.Start();
            var logits = inner.LogitsBlock;
            clock.Stop(start);
            return logits;
        }
    }

    /// <inheritdoc />
    public ReadOnlySpan<float> HiddenRow(int row)
    {
        var start = clock.Start();
        var values = inner.HiddenRow(row);
        clock.Stop(start);
        return values;
    }

    /// <inheritdoc />
    public void CopySequence(SequenceId source, SequenceId destination, int startPosition, int endPosition)
    {
        var start = clock.Start();
        inner.CopySequence(source, destination, startPosition, endPosition);
        clock.Stop(start);
    }

    /// <inheritdoc />
    public bool TrimSequence(SequenceId sequence, int position)
    {
        var start = clock.Start();
        var trimmed = inner.TrimSequence(sequence, position);
        clock.Stop(start);
        return trimmed;
    }

    /// <inheritdoc />
    public void ReleaseSequence(SequenceId sequence) => inner.ReleaseSequence(sequence);

    /// <inheritdoc />
    public int SequenceLength(SequenceId sequence) => inner.SequenceLength(sequence);

    /// <inheritdoc />
    public void RequestAbort() => inner.RequestAbort();

    /// <inheritdoc />
    public void Dispose() => inner.Dispose();
}
