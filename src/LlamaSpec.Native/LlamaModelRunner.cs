using System.Diagnostics;
using LlamaSpec.Engine;
using LlamaSpec.Models;
using LlamaSpec.Native.Interop;

namespace LlamaSpec.Native;

/// <summary>
/// Runs a model over its own KV cache through llama.cpp. Used by one thread at a time, except <see cref="RequestAbort"/>;
/// a second thread is refused with an <see cref="ArgumentException"/>. A decode allocates nothing.
/// </summary>
public sealed unsafe class LlamaModelRunner : IModelRunner
{
    private readonly ContextHandle _handle;

    /// <summary>Allocates a KV cache for a model.</summary>
    /// <param name="model">The model; it may be disposed before the runner.</param>
    /// <param name="options">Null = defaults.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="NotSupportedException">Fast rows are on, and the processor lacks the instructions.</exception>
    /// <exception cref="ModelFailureException">Memory ran out, or the model cannot generate text.</exception>
    public LlamaModelRunner(LlamaModel model, LlamaContextOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        options ??= new LlamaContextOptions();
        var usesFastRows = LlamaBackend.UsesFastRows(options.FastRows);
        var native = new ShimContextOptions
        {
            CellCount = options.CellCapacity,
            RowCapacity = options.RowCapacity,
            SequenceCount = options.SequenceCapacity,
            ThreadCount = options.ThreadCount,
            FlashAttention = options.FlashAttention switch { null => -1, false => 0, true => 1 },
            FastRowsFirst = usesFastRows ? 1 : 0,
            FastRowsLast = usesFastRows ? RunnerSizes.MostRows : 0,
        };
        ShimErrors.ThrowOnError(ShimImports.ContextCreate(model.Handle, in native, out var id));
        _handle = new ContextHandle(id);
        ShimErrors.ThrowOnError(ShimImports.ContextCapacity(_handle, out var cellCount, out var rowCapacity));
        Model = model.Info;
        CellCapacity = cellCount;
        RowCapacity = rowCapacity;
        SequenceCapacity = options.SequenceCapacity;
    }

    /// <inheritdoc />
    public ModelInfo Model { get; }

    /// <inheritdoc />
    public int RowCapacity { get; }

    /// <inheritdoc />
    public int SequenceCapacity { get; }

    /// <inheritdoc />
    public int CellCapacity { get; }

    /// <inheritdoc />
    /// <exception cref="ArgumentException">
    /// The batch is empty or too large, a token, position or sequence is out of range, the rows of a sequence do not continue it,
    /// or hidden rows are wanted and not the logits of every row.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The runner was disposed.</exception>
    public DecodeStatus Decode(TokenBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ShimStatus status;
        fixed (int* tokens = batch.Tokens, positions = batch.Positions, sequences = batch.Sequences, sequenceCounts = batch.SequenceCounts)
        fixed (byte* wantsLogits = batch.WantsLogits)
        {
            status = ShimImports.Decode(
                _handle, tokens, positions, sequences, sequenceCounts, wantsLogits, batch.Count, batch.WantsHiddenRows ? 1 : 0);
        }

        switch (status)
        {
            case ShimStatus.NoKvSlot:
                return DecodeStatus.NoKvSlot;
            case ShimStatus.Aborted:
                return DecodeStatus.Aborted;
            default:
                ShimErrors.ThrowOnError(status);
                return DecodeStatus.Ok;
        }
    }

    /// <inheritdoc />
    /// <remarks>The span lies in native memory: it is also invalid once the runner is disposed.</remarks>
    /// <exception cref="ArgumentException">The last decode failed, or the row was not part of it, or was added without wants-logits.</exception>
    /// <exception cref="ObjectDisposedException">The runner was disposed.</exception>
    public ReadOnlySpan<float> LogitsRow(int row)
    {
        ShimErrors.ThrowOnError(ShimImports.LogitsRow(_handle, row, out var logits));
        Debug.Assert(logits is not null, "A row that was asked for has logits.");
        return new ReadOnlySpan<float>(logits, Model.VocabularySize);
    }

    /// <inheritdoc />
    /// <remarks>The span lies in native memory: it is also invalid once the runner is disposed.</remarks>
    /// <exception cref="ObjectDisposedException">The runner was disposed.</exception>
    public ReadOnlySpan<float> LogitsBlock
    {
        get
        {
            ShimErrors.ThrowOnError(ShimImports.LogitsBlock(_handle, out var logits, out var rowCount));
            return new ReadOnlySpan<float>(logits, rowCount * Model.VocabularySize);
        }
    }

    /// <inheritdoc />
    /// <remarks>The span lies in native memory: it is also invalid once the runner is disposed.</remarks>
    /// <exception cref="ArgumentException">The last decode failed or gave no hidden rows, or the row was not part of it.</exception>
    /// <exception cref="ObjectDisposedException">The runner was disposed.</exception>
    public ReadOnlySpan<float> HiddenRow(int row)
    {
        ShimErrors.ThrowOnError(ShimImports.HiddenRow(_handle, row, out var values));
        Debug.Assert(values is not null, "A decode that was asked for hidden rows has them.");
        return new ReadOnlySpan<float>(values, Model.HiddenSize);
    }

    /// <inheritdoc />
    /// <exception cref="ArgumentException">A sequence is out of range, or the positions are not there or do not continue the other sequence.</exception>
    /// <exception cref="ObjectDisposedException">The runner was disposed.</exception>
    public void CopySequence(SequenceId source, SequenceId destination, int startPosition, int endPosition) =>
        ShimErrors.ThrowOnError(ShimImports.SequenceCopy(_handle, source.Value, destination.Value, startPosition, endPosition));

    /// <inheritdoc />
    /// <exception cref="ArgumentException">The sequence or the position is out of range.</exception>
    /// <exception cref="ObjectDisposedException">The runner was disposed.</exception>
    public bool TrimSequence(SequenceId sequence, int position)
    {
        var status = ShimImports.SequenceTrim(_handle, sequence.Value, position);
        if (status == ShimStatus.Failed)
        {
            return false;
        }

        ShimErrors.ThrowOnError(status);
        return true;
    }

    /// <inheritdoc />
    /// <exception cref="ArgumentException">The sequence is out of range.</exception>
    /// <exception cref="ObjectDisposedException">The runner was disposed.</exception>
    public void ReleaseSequence(SequenceId sequence) => ShimErrors.ThrowOnError(ShimImports.SequenceRelease(_handle, sequence.Value));

    /// <inheritdoc />
    /// <exception cref="ArgumentException">The sequence is out of range.</exception>
    /// <exception cref="ObjectDisposedException">The runner was disposed.</exception>
    public int SequenceLength(SequenceId sequence)
    {
        ShimErrors.ThrowOnError(ShimImports.SequenceLength(_handle, sequence.Value, out var length));
        return length;
    }

    /// <summary>Changes the number of threads that compute a decode, 1 to 512. Same thread rule as <see cref="Decode"/>.</summary>
    /// <exception cref="ArgumentException">The number is out of range.</exception>
    /// <exception cref="ObjectDisposedException">The runner was disposed.</exception>
    public void SetThreadCount(int threadCount) => ShimErrors.ThrowOnError(ShimImports.ContextSetThreads(_handle, threadCount));

    /// <summary>
    /// Chooses the decodes that use LlamaSpec's own matrix products: those of <paramref name="first"/> to <paramref name="last"/>
    /// rows, from 1 to 65,536; 0 and 0 = none. For measurements of both in one context. Ignored on a processor without the
    /// instructions. Same thread rule as <see cref="Decode"/>.
    /// </summary>
    /// <exception cref="ArgumentException">A number is out of range.</exception>
    /// <exception cref="ObjectDisposedException">The runner was disposed.</exception>
    public void SetFastRows(int first, int last) => ShimErrors.ThrowOnError(ShimImports.ContextSetFastRows(_handle, first, last));

    /// <summary>Matrix products that LlamaSpec's own kernels have computed so far. Same thread rule as <see cref="Decode"/>.</summary>
    /// <exception cref="ObjectDisposedException">The runner was disposed.</exception>
    public long FastProductCount
    {
        get
        {
            ShimErrors.ThrowOnError(ShimImports.ContextFastProductCount(_handle, out var count));
            return count;
        }
    }

    /// <inheritdoc />
    /// <exception cref="ObjectDisposedException">The runner was disposed.</exception>
    public void RequestAbort() => ShimErrors.ThrowOnError(ShimImports.ContextAbort(_handle));

    /// <summary>Frees the KV cache.</summary>
    public void Dispose() => _handle.Dispose();
}
