using System.Runtime.InteropServices;
using LlamaSpec.Models;

namespace LlamaSpec.Tests.Fakes;

/// <summary>
/// A model small enough to know everything about: its logits depend on the last two tokens that its KV cache really holds.
/// It keeps a strict KV cache: a gap, a double position or a wrong sequence is refused, so the engine's book-keeping is tested with it.
/// </summary>
internal sealed class MarkovModelRunner : IModelRunner
{
    /// <summary>Width of a hidden row.</summary>
    public const int HiddenWidth = 8;

    private readonly float[][] _table;
    private readonly StrictKvCache _cache;
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
        _cache = new StrictKvCache(sequenceCount, cellCapacity);
        _logitsBlock = new float[rowCapacity * vocabularySize];
        _logitsState = new int[rowCapacity];
        RowCapacity = rowCapacity;
    }

    public ModelInfo Model { get; }

    public int RowCapacity { get; }

    public int SequenceCapacity => _cache.SequenceCount;

    public int CellCapacity => _cache.CellCapacity;

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

    public IReadOnlyList<int> Cells(int sequence) => _cache.Tokens(sequence);

    public DecodeStatus Decode(TokenBatch batch)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        _abort = false;
        _rowCount = 0;
        if (OnDecode?.Invoke(batch) is { } status and not DecodeStatus.Ok)
        {
            return status;
        }

        if (_abort)
        {
            return DecodeStatus.Aborted;
        }

        CheckRows(batch);
        if (!_cache.HasRoomFor(batch.Count))
        {
            return DecodeStatus.NoKvSlot;
        }

        DecodeCount++;
        _givesHiddenRows = batch.WantsHiddenRows;
        var firstSequence = 0;
        for (var row = 0; row < batch.Count; row++)
        {
            var sequences = batch.Sequences.Slice(firstSequence, batch.SequenceCounts[row]);
            firstSequence += sequences.Length;
            _cache.Add(sequences, batch.Tokens[row], row);
            DecodedRows++;
            _logitsState[row] = batch.WantsLogits[row] != 0 ? State(CollectionsMarshal.AsSpan(_cache.Tokens(sequences[0]))) : -1;
            if (AbortAfterRow is not null && AbortAfterRow(row))
            {
                return DecodeStatus.Aborted;
            }
        }

        _rowCount = batch.Count;
        return DecodeStatus.Ok;
    }

    public ReadOnlySpan<float> LogitsRow(int row)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        if ((uint)row >= (uint)_rowCount || _logitsState[row] < 0)
        {
            throw new ArgumentException($"Row {row} was not asked for.");
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
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        if (!_givesHiddenRows || (uint)row >= (uint)_rowCount)
        {
            throw new ArgumentException($"The hidden row {row} was not asked for.");
        }

        for (var i = 0; i < HiddenWidth; i++)
        {
            _hiddenRow[i] = MathF.Sin(_logitsState[row] * (i + 1) * 0.37f);
        }

        return _hiddenRow;
    }

    public void CopySequence(SequenceId source, SequenceId destination, int startPosition, int endPosition)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        _cache.Copy(source.Value, destination.Value, startPosition, endPosition);
    }

    public bool TrimSequence(SequenceId sequence, int position)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        if (FailsToTrim is not null)
        {
            throw FailsToTrim;
        }

        if (!CanTrim)
        {
            return false;
        }

        if (!ForgetsToTrim)
        {
            _cache.Drop(sequence.Value, position);
        }

        return true;
    }

    public void ReleaseSequence(SequenceId sequence)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        if (FailsToRelease is not null)
        {
            throw FailsToRelease;
        }

        _cache.Drop(sequence.Value, 0);
    }

    public int SequenceLength(SequenceId sequence)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        return _cache.Length(sequence.Value);
    }

    public void RequestAbort()
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        _abort = true;
    }

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

    private void CheckRows(TokenBatch batch)
    {
        if (batch.Count == 0 || batch.Count > RowCapacity)
        {
            throw new ArgumentException($"A batch has 1 to {RowCapacity} rows, not {batch.Count}.");
        }

        if (batch.WantsHiddenRows && batch.WantsLogits.Contains((byte)0))
        {
            throw new ArgumentException("Hidden rows are given only when every row wants its logits.");
        }

        _cache.StartCheck();
        var firstSequence = 0;
        for (var row = 0; row < batch.Count; row++)
        {
            if ((uint)batch.Tokens[row] >= (uint)Model.VocabularySize)
            {
                throw new ArgumentException($"Token {batch.Tokens[row]} does not exist.");
            }

            var sequences = batch.Sequences.Slice(firstSequence, batch.SequenceCounts[row]);
            firstSequence += sequences.Length;
            _cache.Check(row, batch.Positions[row], sequences);
        }
    }
}
