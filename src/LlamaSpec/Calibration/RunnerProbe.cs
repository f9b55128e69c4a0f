using LlamaSpec.Models;

namespace LlamaSpec.Calibration;

/// <summary>One model under measurement: decodes of its sequences at a depth, timed.</summary>
internal sealed class RunnerProbe(IModelRunner runner, int cellsOfSequence, TimeProvider time, CancellationToken cancellationToken)
{
    private const int FirstChunkRows = 4;

    // A chunk that took longer is not doubled, so that a slow model notices the end of its time.
    private const double LongChunkMilliseconds = 20;

    private static readonly SequenceId Main = new(0);
    private readonly TokenBatch _batch = new(runner.RowCapacity);
    private int _length;

    /// <summary>Cells of the sequence that a round starts from.</summary>
    public int Depth { get; private set; }

    /// <summary>Most rows of a decode at any of these depths.</summary>
    public int MostRows => Math.Min(runner.RowCapacity, CellsOfSequence - 1);

    public int SequenceCapacity => runner.SequenceCapacity;

    /// <summary>Cells that one sequence may take.</summary>
    public int CellsOfSequence => cellsOfSequence;

    /// <summary>Decodes a prompt up to a depth, or as far as the time goes.</summary>
    public void Fill(int depth, TimeBudget budget)
    {
        for (var chunk = FirstChunkRows; _length < depth && !budget.IsSpent;)
        {
            var milliseconds = Append(Math.Min(Math.Min(chunk, depth - _length), runner.RowCapacity), wantsAllLogits: false);
            chunk = milliseconds < LongChunkMilliseconds ? 2 * chunk : chunk;
        }

        Depth = _length;
    }

    /// <summary>Decodes so many rows behind the sequence and returns the milliseconds, logits included.</summary>
    public double Append(int rows, bool wantsAllLogits = true)
    {
        _batch.Clear();
        for (var row = 0; row < rows; row++)
        {
            _batch.Add(TokenAt(_length), _length, Main, wantsAllLogits || row == rows - 1);
            _length++;
        }

        return Decode();
    }

    /// <summary>Decodes one row of each of so many sequences, the others at the same small position.</summary>
    public double AppendToSequences(int count, int position)
    {
        _batch.Clear();
        for (var sequence = 0; sequence < count; sequence++)
        {
            var at = sequence == 0 ? _length++ : position;
            _batch.Add(TokenAt(at), at, new SequenceId(sequence), wantsLogits: true);
        }

        return Decode();
    }

    /// <summary>Rolls back to the depth, or so many cells before it.</summary>
    public void RollBack(int before = 0)
    {
        _length = Depth - before;
        if (!runner.TrimSequence(Main, _length))
        {
            throw new ModelFailureException($"{runner.Model.Description} cannot roll back a sequence.");
        }
    }

    /// <summary>Empties the KV cache, whatever happened before.</summary>
    public void ReleaseAll()
    {
        for (var sequence = 0; sequence < runner.SequenceCapacity; sequence++)
        {
            runner.ReleaseSequence(new SequenceId(sequence));
        }

        _length = Depth = 0;
    }

    private double Decode()
    {
        cancellationToken.ThrowIfCancellationRequested();
        var start = time.GetTimestamp();
        var status = runner.Decode(_batch);
        if (status != DecodeStatus.Ok)
        {
            throw new ModelFailureException($"{runner.Model.Description} could not decode {_batch.Count} rows: {status}.");
        }

        // A GPU may compute until its results are asked for.
        _ = runner.LogitsRow(_batch.Count - 1)[0];
        return time.GetElapsedTime(start).TotalMilliseconds;
    }

    // Tokens of all kinds, the same in every run.
    private int TokenAt(int position) => (int)(position * 7919L % runner.Model.VocabularySize);
}
