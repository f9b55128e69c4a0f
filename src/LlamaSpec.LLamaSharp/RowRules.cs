using LlamaSpec.Models;

namespace LlamaSpec.LLamaSharp;

/// <summary>
/// What the rows of a decode and the sequences must keep to, checked before llama.cpp sees them, whose asserts end the process;
/// and which rows of the last decode can be read.
/// </summary>
internal sealed class RowRules(int vocabularySize, int rowCapacity, int sequenceCapacity)
{
    private readonly int[] _lengths = new int[sequenceCapacity];
    private readonly int[] _next = new int[sequenceCapacity];
    private readonly byte[] _hasLogits = new byte[rowCapacity];
    private int _rowCount;
    private bool _hasHidden;

    /// <summary>Rows of the last decode that wanted their logits.</summary>
    public int LogitsRowCount { get; private set; }

    /// <summary>Throws where a batch cannot be decoded; what the last decode gave is gone then, too.</summary>
    public void Check(TokenBatch batch)
    {
        _rowCount = LogitsRowCount = 0;
        if (batch.Count < 1 || batch.Count > rowCapacity)
        {
            throw new ArgumentException($"The batch has {batch.Count} rows; the number must be 1..{rowCapacity}.", nameof(batch));
        }

        if (batch.WantsHiddenRows && batch.WantsLogits.IndexOf((byte)0) is >= 0 and var unwanted)
        {
            throw new ArgumentException($"row {unwanted} wants no logits: hidden rows are only given when every row wants them", nameof(batch));
        }

        _lengths.CopyTo(_next, 0);
        var first = 0;
        for (var row = 0; row < batch.Count; row++)
        {
            var sequences = batch.Sequences.Slice(first, batch.SequenceCounts[row]);
            first += sequences.Length;
            CheckRow(batch, row, sequences);
        }
    }

    /// <summary>Takes a decoded batch over.</summary>
    public void Accept(TokenBatch batch)
    {
        _next.CopyTo(_lengths, 0);
        _rowCount = batch.Count;
        batch.WantsLogits.CopyTo(_hasLogits);
        LogitsRowCount = batch.WantsLogits.Count((byte)1);
        _hasHidden = batch.WantsHiddenRows;
    }

    /// <summary>After a decode that failed: reads how long each sequence is.</summary>
    public void ReadLengths(Func<int, int> lengthOf)
    {
        for (var sequence = 0; sequence < _lengths.Length; sequence++)
        {
            _lengths[sequence] = lengthOf(sequence);
        }
    }

    public void CheckLogits(int row)
    {
        CheckOutput(row);
        if (_hasLogits[row] == 0)
        {
            throw new ArgumentException($"row {row} was decoded without asking for its logits", nameof(row));
        }
    }

    public void CheckHidden(int row)
    {
        CheckOutput(row);
        if (!_hasHidden)
        {
            throw new ArgumentException($"row {row} was decoded without asking for hidden rows", nameof(row));
        }
    }

    public void CheckSequence(SequenceId sequence)
    {
        if ((uint)sequence.Value >= (uint)_lengths.Length)
        {
            throw new ArgumentException($"sequence {sequence.Value} is not one of the context's {_lengths.Length}", nameof(sequence));
        }
    }

    public void CheckCopy(SequenceId source, SequenceId destination, int start, int end)
    {
        CheckSequence(source);
        CheckSequence(destination);
        if (source == destination)
        {
            throw new ArgumentException($"sequence {source.Value} cannot be copied to itself", nameof(destination));
        }

        if (start != _lengths[destination.Value] || end < start || end > _lengths[source.Value])
        {
            throw new ArgumentException(
                $"positions {start} to {end} of sequence {source.Value}, which holds {_lengths[source.Value]}, "
                + $"do not continue sequence {destination.Value}, which holds {_lengths[destination.Value]}",
                nameof(start));
        }
    }

    public int LengthOf(SequenceId sequence)
    {
        CheckSequence(sequence);
        return _lengths[sequence.Value];
    }

    public void SetLength(SequenceId sequence, int length) => _lengths[sequence.Value] = length;

    private void CheckRow(TokenBatch batch, int row, ReadOnlySpan<int> sequences)
    {
        if ((uint)batch.Tokens[row] >= (uint)vocabularySize)
        {
            throw new ArgumentException($"row {row}: token {batch.Tokens[row]} is outside the vocabulary of {vocabularySize}", nameof(batch));
        }

        if (sequences.IsEmpty || sequences.Length > sequenceCapacity)
        {
            throw new ArgumentException($"row {row}: belongs to {sequences.Length} sequences and must to 1..{sequenceCapacity}", nameof(batch));
        }

        foreach (var sequence in sequences)
        {
            CheckSequence(new SequenceId(sequence));
            if (batch.Positions[row] != _next[sequence])
            {
                throw new ArgumentException(
                    $"row {row}: position {batch.Positions[row]} of sequence {sequence} leaves a gap or overlaps, the next one is {_next[sequence]}", nameof(batch));
            }

            _next[sequence]++;
        }
    }

    private void CheckOutput(int row)
    {
        if ((uint)row >= (uint)_rowCount)
        {
            throw new ArgumentException($"row {row} is not one of the last successful decode's {_rowCount}", nameof(row));
        }
    }
}
