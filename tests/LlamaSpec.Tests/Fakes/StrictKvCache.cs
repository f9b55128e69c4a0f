using System.Runtime.InteropServices;

namespace LlamaSpec.Tests.Fakes;

/// <summary>
/// The cells of sequences that may share them. Strict: rows and copies that do not continue a sequence, or sequences that share a
/// row and do not hold the same before it, are refused.
/// </summary>
internal sealed class StrictKvCache(int sequenceCount, int cellCapacity)
{
    private readonly List<int>[] _tokens = [.. Enumerable.Range(0, sequenceCount).Select(_ => new List<int>(1 << 15))];
    private readonly List<int>[] _cells = [.. Enumerable.Range(0, sequenceCount).Select(_ => new List<int>(1 << 15))];
    private readonly List<int> _ownerCounts = new(1 << 16);
    private readonly Stack<int> _freeCells = new(1 << 16);
    private readonly int[] _nextPositions = new int[sequenceCount];

    public int SequenceCount => sequenceCount;

    public int CellCapacity => cellCapacity;

    public bool HasRoomFor(int rowCount) => _ownerCounts.Count - _freeCells.Count + rowCount <= cellCapacity;

    /// <summary>The tokens that a sequence holds.</summary>
    public List<int> Tokens(int sequence) => _tokens[sequence];

    public int Length(int sequence)
    {
        CheckSequence(sequence);
        return _tokens[sequence].Count;
    }

    /// <summary>Starts the check of a batch.</summary>
    public void StartCheck()
    {
        for (var sequence = 0; sequence < sequenceCount; sequence++)
        {
            _nextPositions[sequence] = _tokens[sequence].Count;
        }
    }

    /// <summary>Refuses a row that does not go on where its sequences, with the rows checked before it, end.</summary>
    public void Check(int row, int position, ReadOnlySpan<int> sequences)
    {
        if (sequences.IsEmpty)
        {
            throw new ArgumentException($"Row {row} belongs to no sequence.");
        }

        foreach (var sequence in sequences)
        {
            CheckSequence(sequence);
            if (position != _nextPositions[sequence])
            {
                throw new ArgumentException($"Sequence {sequence} holds {_nextPositions[sequence]} positions, but row {row} is at {position}.");
            }

            _nextPositions[sequence]++;
        }
    }

    /// <summary>Writes the cell of a row that was checked.</summary>
    public void Add(ReadOnlySpan<int> sequences, int token, int row)
    {
        var cell = _freeCells.Count > 0 ? _freeCells.Pop() : _ownerCounts.Count;
        if (cell == _ownerCounts.Count)
        {
            _ownerCounts.Add(0);
        }

        foreach (var sequence in sequences)
        {
            // The first one has this row's cell already.
            if (sequence != sequences[0]
                && !CollectionsMarshal.AsSpan(_cells[sequence]).SequenceEqual(CollectionsMarshal.AsSpan(_cells[sequences[0]])[..^1]))
            {
                throw new ArgumentException($"Row {row} belongs to sequences {sequences[0]} and {sequence}, which do not hold the same.");
            }

            Append(sequence, cell, token);
        }
    }

    public void Copy(int source, int destination, int startPosition, int endPosition)
    {
        if (source == destination || Length(destination) != startPosition || endPosition < startPosition || endPosition > Length(source))
        {
            throw new ArgumentException($"Positions {startPosition} to {endPosition} of sequence {source} do not continue sequence {destination}.");
        }

        for (var position = startPosition; position < endPosition; position++)
        {
            Append(destination, _cells[source][position], _tokens[source][position]);
        }
    }

    /// <summary>Drops what a sequence holds at a position and after.</summary>
    public void Drop(int sequence, int position)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        var count = Math.Max(0, Length(sequence) - position);
        for (var i = 0; i < count; i++)
        {
            var cell = _cells[sequence][position + i];
            if (--_ownerCounts[cell] == 0)
            {
                _freeCells.Push(cell);
            }
        }

        _tokens[sequence].RemoveRange(_tokens[sequence].Count - count, count);
        _cells[sequence].RemoveRange(_cells[sequence].Count - count, count);
    }

    private void Append(int sequence, int cell, int token)
    {
        _tokens[sequence].Add(token);
        _cells[sequence].Add(cell);
        _ownerCounts[cell]++;
    }

    private void CheckSequence(int sequence)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sequence);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(sequence, sequenceCount);
    }
}
