using LlamaSpec.Models;

namespace LlamaSpec.Tests.Calibration;

/// <summary>A model whose decodes take known times, with a KV cache that refuses a gap, a double position and too many cells.</summary>
/// <param name="time">The clock that decodes move.</param>
/// <param name="milliseconds">What a decode of so many rows takes at a depth.</param>
internal sealed class StaircaseRunner(ManualTime time, Func<int, int, double> milliseconds) : IModelRunner
{
    private readonly int[] _lengths = new int[8];

    public ModelInfo Model { get; } = new() { Description = "staircase", VocabularySize = 50 };

    public int RowCapacity { get; init; } = 512;

    public int SequenceCapacity { get; init; } = 1;

    public int CellCapacity { get; init; } = 4096;

    /// <summary>Added when another model decoded in between.</summary>
    public double ColdMilliseconds { get; init; }

    /// <summary>Added for each sequence of the batch beyond the first.</summary>
    public double SequenceMilliseconds { get; init; }

    /// <summary>Added to single decodes, by their index.</summary>
    public Func<int, double> Noise { get; init; } = static _ => 0;

    /// <summary>Called before each decode with its index; may answer for it, or throw.</summary>
    public Func<int, DecodeStatus>? OnDecode { get; init; }

    public bool CanTrim { get; init; } = true;

    public int DecodeCount { get; private set; }

    public double LongestMilliseconds { get; private set; }

    public int MostCells { get; private set; }

    public int DeepestLength { get; private set; }

    public DecodeStatus Decode(TokenBatch batch)
    {
        var index = DecodeCount++;
        if (OnDecode?.Invoke(index) is { } status and not DecodeStatus.Ok)
        {
            return status;
        }

        var depth = _lengths[0];
        for (var row = 0; row < batch.Count; row++)
        {
            var sequence = batch.Sequences[row];
            if (sequence >= SequenceCapacity || batch.Positions[row] != _lengths[sequence]++ || (uint)batch.Tokens[row] >= 50)
            {
                throw new InvalidOperationException($"Row {row} does not continue sequence {sequence}.");
            }
        }

        MostCells = Math.Max(MostCells, _lengths.Sum());
        DeepestLength = Math.Max(DeepestLength, _lengths[0]);
        if (MostCells > CellCapacity || batch.Count > RowCapacity)
        {
            throw new InvalidOperationException("There is no room for so many rows.");
        }

        var others = batch.Sequences.ToArray().Distinct().Count() - 1;
        var duration = milliseconds(batch.Count - others, depth) + (others * SequenceMilliseconds) + (time.LastUser == this ? 0 : ColdMilliseconds) + Noise(index);
        LongestMilliseconds = Math.Max(LongestMilliseconds, duration);
        time.Advance(duration, this);
        return DecodeStatus.Ok;
    }

    public ReadOnlySpan<float> LogitsRow(int row) => new float[50];

    public ReadOnlySpan<float> HiddenRow(int row) => throw new NotSupportedException();

    public void CopySequence(SequenceId source, SequenceId destination, int startPosition, int endPosition) => throw new NotSupportedException();

    public bool TrimSequence(SequenceId sequence, int position)
    {
        if (CanTrim)
        {
            _lengths[sequence.Value] = Math.Min(_lengths[sequence.Value], position);
        }

        return CanTrim;
    }

    public void ReleaseSequence(SequenceId sequence) => _lengths[sequence.Value] = 0;

    public int SequenceLength(SequenceId sequence) => _lengths[sequence.Value];

    public void RequestAbort() => throw new NotSupportedException();

    public void Dispose()
    {
    }
}
