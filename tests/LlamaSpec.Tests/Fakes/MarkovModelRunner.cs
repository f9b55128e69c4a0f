using LlamaSpec.Models;

namespace LlamaSpec.Tests.Fakes;

/// <summary>
/// A model small enough to know everything about: its logits depend on the last two tokens that its KV cache really holds.
/// It keeps a strict KV cache: a gap, a double position or a wrong sequence throws, so the engine's book-keeping is tested with it.
/// </summary>
internal sealed class MarkovModelRunner : IModelRunner
{
    /// <summary>Width of a hidden row.</summary>
    public const int HiddenWidth = 8;

    private readonly float[][] _table;
    private readonly List<int>[] _cells;
    private readonly List<int>[] _cellIds;
    private readonly List<int> _owners = new(1 << 16);
    private readonly Stack<int> _freeIds = new(1 << 16);
    private readonly float[] _logitsBlock;
    private readonly int[] _logitsState;
    private readonly float[] _hiddenRow = new float[HiddenWidth];
    private int _rowCount;
    private bool _givesHiddenRows;
    private volatile bool _abort;

    /// <param name="table">Logits by state: (second last token + 1) * (vocabulary + 1) + (last token + 1), 0 standing for none.</param>
    public MarkovModelRunner(float[][] table, int vocabularySize, int sequenceCount = 8, int rowCapacity = 256, int cellCapacity = 1 << 20)
    {
        _table = table;
        Model = new ModelInfo { Description = "Markov chain", VocabularySize = vocabularySize, HiddenSize = HiddenWidth };
        _cells = [.. Enumerable.Range(0, sequenceCount).Select(_ => new List<int>(1 << 15))];
        _cellIds = [.. Enumerable.Range(0, sequenceCount).Select(_ => new List<int>(1 << 15))];
        _logitsBlock = new float[rowCapacity * vocabularySize];
        _logitsState = new int[rowCapacity];
        RowCapacity = rowCapacity;
        CellCapacity = cellCapacity;
    }

    public ModelInfo Model { get; }

    public int RowCapacity { get; }

    public int SequenceCapacity => _cells.Length;

    public int CellCapacity { get; }

    public int DecodeCount { get; private set; }

    public int DecodedRows { get; private set; }

    public bool IsDisposed { get; private set; }

    /// <summary>Whether the logits of a decode lie together.</summary>
    public bool HasLogitsBlock { get; set; } = true;

    /// <summary>Called at the start of each decode; may answer for it, block, or throw.</summary>
    public Func<TokenBatch, DecodeStatus?>? OnDecode { get; set; }

    /// <summary>Called after rows were written, to leave an aborted decode half done.</summary>
    public Func<int, bool>? AbortAfterRow { get; set; }

    public bool CanTrim { get; set; } = true;

    /// <summary>Whether trimming is claimed and not done: a fault for the tests to catch.</summary>
    public bool ForgetsToTrim { get; set; }

    /// <summary>Thrown by trimming, when set.</summary>
    public Exception? FailsToTrim { get; set; }

    /// <summary>Thrown by releasing, when set.</summary>
    public Exception? FailsToRelease { get; set; }

    /// <summary>Whether an abort is wanted; cleared at the start of each decode.</summary>
    public bool IsAbortRequested => _abort;

    public static MarkovModelRunner Random(
        int vocabularySize, int seed, float spread = 2, int endToken = -1, int rowCapacity = 256, int cellCapacity = 1 << 20, int sequenceCount = 8) =>
        new(RandomTable(vocabularySize, seed, spread, endToken), vocabularySize, sequenceCount, rowCapacity, cellCapacity);

    /// <summary>A model like this one with noise on its logits: a draft of adjustable quality.</summary>
    public MarkovModelRunner Disturbed(int seed, float noise)
    {
        var random = new Random(seed);
        var table = _table.Select(row => row.Select(logit => logit + (noise * Gauss(random))).ToArray()).ToArray();
        return new MarkovModelRunner(table, Model.VocabularySize, SequenceCapacity, RowCapacity);
    }

    public float[] LogitsAfter(ReadOnlySpan<int> prefix) => _table[State(prefix)];

    public IReadOnlyList<int> Cells(int sequence) => _cells[sequence];

    public DecodeStatus Decode(TokenBatch batch)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        if (batch.Count == 0)
        {
            throw new InvalidOperationException("An empty batch must not be decoded.");
        }

        _abort = false;
        if (OnDecode?.Invoke(batch) is { } status and not DecodeStatus.Ok)
        {
            return status;
        }

        if (_abort)
        {
            return DecodeStatus.Aborted;
        }

        if (UsedCells() + batch.Count > CellCapacity)
        {
            return DecodeStatus.NoKvSlot;
        }

        if (batch.WantsHiddenRows && batch.WantsLogits.Contains((byte)0))
        {
            throw new InvalidOperationException("Hidden rows are given only when every row wants its logits.");
        }

        DecodeCount++;
        _givesHiddenRows = batch.WantsHiddenRows;
        _rowCount = batch.Count;
        var firstSequence = 0;
        for (var row = 0; row < batch.Count; row++)
        {
            if ((uint)batch.Tokens[row] >= (uint)Model.VocabularySize)
            {
                throw new InvalidOperationException($"Token {batch.Tokens[row]} does not exist.");
            }

            var sequences = batch.Sequences.Slice(firstSequence, batch.SequenceCounts[row]);
            firstSequence += sequences.Length;
            AddCell(sequences, batch.Tokens[row], batch.Positions[row], row);
            DecodedRows++;
            _logitsState[row] = batch.WantsLogits[row] != 0 ? State(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_cells[sequences[0]])) : -1;
            if (AbortAfterRow is not null && AbortAfterRow(row))
            {
                return DecodeStatus.Aborted;
            }
        }

        return DecodeStatus.Ok;
    }

    public ReadOnlySpan<float> LogitsRow(int row)
    {
        if (row >= _rowCount || _logitsState[row] < 0)
        {
            throw new InvalidOperationException($"Row {row} was not asked for.");
        }

        return _table[_logitsState[row]];
    }

    public ReadOnlySpan<float> LogitsBlock
    {
        get
        {
            if (!HasLogitsBlock)
            {
                return default;
            }

            var length = 0;
            for (var row = 0; row < _rowCount; row++)
            {
                if (_logitsState[row] >= 0)
                {
                    _table[_logitsState[row]].CopyTo(_logitsBlock, length);
                    length += Model.VocabularySize;
                }
            }

            return _logitsBlock.AsSpan(0, length);
        }
    }

    /// <summary>Waves of the state, that is of the last two tokens.</summary>
    public ReadOnlySpan<float> HiddenRow(int row)
    {
        if (!_givesHiddenRows || row >= _rowCount)
        {
            throw new InvalidOperationException($"The hidden row {row} was not asked for.");
        }

        for (var i = 0; i < HiddenWidth; i++)
        {
            _hiddenRow[i] = MathF.Sin(_logitsState[row] * (i + 1) * 0.37f);
        }

        return _hiddenRow;
    }

    public void CopySequence(SequenceId source, SequenceId destination, int startPosition, int endPosition)
    {
        if (source == destination || _cells[destination.Value].Count != startPosition || endPosition < startPosition || endPosition > _cells[source.Value].Count)
        {
            throw new InvalidOperationException($"Positions {startPosition} to {endPosition} of sequence {source.Value} do not continue sequence {destination.Value}.");
        }

        for (var position = startPosition; position < endPosition; position++)
        {
            var id = _cellIds[source.Value][position];
            _owners[id]++;
            _cells[destination.Value].Add(_cells[source.Value][position]);
            _cellIds[destination.Value].Add(id);
        }
    }

    public bool TrimSequence(SequenceId sequence, int position)
    {
        if (FailsToTrim is not null)
        {
            throw FailsToTrim;
        }

        if (!CanTrim)
        {
            return false;
        }

        var cells = _cells[sequence.Value];
        if (position < cells.Count && !ForgetsToTrim)
        {
            Drop(sequence.Value, position);
        }

        return true;
    }

    public void ReleaseSequence(SequenceId sequence)
    {
        if (FailsToRelease is not null)
        {
            throw FailsToRelease;
        }

        Drop(sequence.Value, 0);
    }

    public int SequenceLength(SequenceId sequence) => _cells[sequence.Value].Count;

    public void RequestAbort() => _abort = true;

    public void Dispose() => IsDisposed = true;

    private static float[][] RandomTable(int vocabularySize, int seed, float spread, int endToken)
    {
        var random = new Random(seed);
        return
        [
            .. Enumerable.Range(0, (vocabularySize + 1) * (vocabularySize + 1)).Select(_ =>
            {
                var row = Enumerable.Range(0, vocabularySize).Select(_ => spread * Gauss(random)).ToArray();
                if (endToken >= 0)
                {
                    row[endToken] -= 3;
                }

                return row;
            }),
        ];
    }

    private static float Gauss(Random random) =>
        (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));

    private int State(ReadOnlySpan<int> prefix)
    {
        var last = prefix.Length > 0 ? prefix[^1] + 1 : 0;
        var secondLast = prefix.Length > 1 ? prefix[^2] + 1 : 0;
        return (secondLast * (Model.VocabularySize + 1)) + last;
    }

    private int UsedCells() => _owners.Count - _freeIds.Count;

    private void AddCell(ReadOnlySpan<int> sequences, int token, int position, int row)
    {
        var id = _freeIds.Count > 0 ? _freeIds.Pop() : _owners.Count;
        if (id == _owners.Count)
        {
            _owners.Add(0);
        }

        foreach (var sequence in sequences)
        {
            if (position != _cells[sequence].Count)
            {
                throw new InvalidOperationException($"Sequence {sequence} holds {_cells[sequence].Count} positions, but row {row} is at {position}.");
            }

            if (sequence != sequences[0]
                && !System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_cellIds[sequence]).SequenceEqual(
                    System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_cellIds[sequences[0]])[..position]))
            {
                throw new InvalidOperationException($"Row {row} belongs to sequences {sequences[0]} and {sequence}, which do not hold the same.");
            }

            _cells[sequence].Add(token);
            _cellIds[sequence].Add(id);
            _owners[id]++;
        }
    }

    private void Drop(int sequence, int position)
    {
        for (var i = position; i < _cellIds[sequence].Count; i++)
        {
            if (--_owners[_cellIds[sequence][i]] == 0)
            {
                _freeIds.Push(_cellIds[sequence][i]);
            }
        }

        _cells[sequence].RemoveRange(position, _cells[sequence].Count - position);
        _cellIds[sequence].RemoveRange(position, _cellIds[sequence].Count - position);
    }
}
