using LLama;
using LLama.Abstractions;
using LLama.Native;
using LlamaSpec.Models;

namespace LlamaSpec.LLamaSharp;

/// <summary>
/// Runs a model over a KV cache of LLamaSharp. Used by one thread at a time, except <see cref="RequestAbort"/>. Every decode of the
/// process that goes through LLamaSharp waits for LLamaSharp's one lock, and allocates some 12 kB there.
/// </summary>
public sealed class LLamaSharpRunner : IModelRunner
{
    private readonly SafeLLamaContextHandle _context;
    private readonly AbortSwitch _abortSwitch;
    private readonly LLamaSharpBatch _batch = new();
    private readonly RowRules _rules;
    private readonly bool _gaveEmbeddings;
    private bool? _givesHidden;
    private bool _isDisposed;

    /// <summary>Allocates a KV cache for loaded weights.</summary>
    /// <param name="weights">The model; it may be disposed before the runner.</param>
    /// <param name="parameters">Sizes, threads, attention and the like, for example the <see cref="LLama.Common.ModelParams"/> that the weights were loaded with.</param>
    /// <exception cref="ArgumentException">A size or a number of threads is out of range.</exception>
    /// <exception cref="NotSupportedException">LLamaSharp or its native libraries are of a version that does not fit.</exception>
    /// <exception cref="ModelFailureException">Memory ran out, or the model cannot generate text.</exception>
    public LLamaSharpRunner(LLamaWeights weights, IContextParams parameters)
        : this(HandleOf(weights), ContextFactory.ToNative(parameters))
    {
    }

    /// <summary>Runs over a context that the application has created, and that stays the application's.</summary>
    /// <param name="context">
    /// An empty context, used by nobody else from here on. It needs a sequence for each request, and one more for each further path
    /// of a token tree: <see cref="IContextParams.SeqMax"/>. LLamaSharp offers no way to interrupt its decodes, so that a cancelled
    /// request ends with the decode that is running.
    /// </param>
    /// <exception cref="ArgumentException">The context holds tokens, or was made with settings that an engine cannot work with.</exception>
    /// <exception cref="ModelFailureException">The context was never created: LLamaSharp does not say so.</exception>
    /// <exception cref="NotSupportedException">LLamaSharp or its native libraries are of a version that does not fit.</exception>
    public LLamaSharpRunner(LLamaContext context)
        : this(HandleOf(context), new AbortSwitch(), ownsContext: false)
    {
        _gaveEmbeddings = context.Params.Embeddings;
        for (var sequence = 0; sequence < SequenceCapacity; sequence++)
        {
            if (LengthOf(sequence) is > 0 and var length)
            {
                throw new ArgumentException(
                    $"The context holds {length} tokens of sequence {sequence}. Hand over a new one, or call NativeHandle.MemoryClear() first.", nameof(context));
            }
        }
    }

    internal LLamaSharpRunner(SafeLlamaModelHandle model, LLamaContextParams native)
        : this(ContextFactory.Create(model, native, out var abortSwitch), abortSwitch, ownsContext: true)
    {
    }

    private LLamaSharpRunner(SafeLLamaContextHandle context, AbortSwitch abortSwitch, bool ownsContext)
    {
        _context = context;
        _abortSwitch = abortSwitch;
        OwnsContext = ownsContext;
        Model = LLamaSharpModel.InfoOf(context.ModelHandle);
        SequenceCapacity = checked((int)context.MaxSeq);
        CellCapacity = checked((int)context.ContextSize);

        // A physical batch at a time: an abort then leaves no rows behind, and logits and hidden rows lie in the batch's order.
        RowCapacity = checked((int)Math.Min(context.BatchSize, context.UBatchSize));
        _rules = new RowRules(Model.VocabularySize, RowCapacity, SequenceCapacity);
    }

    /// <inheritdoc />
    public ModelInfo Model { get; }

    /// <inheritdoc />
    public int RowCapacity { get; }

    /// <inheritdoc />
    public int SequenceCapacity { get; }

    /// <inheritdoc />
    public int CellCapacity { get; }

    /// <summary>Threads of a decode of one row.</summary>
    public int ThreadCount => _context.GenerationThreads;

    /// <summary>Threads of a decode of several rows.</summary>
    public int BatchThreadCount => _context.BatchThreads;

    /// <summary>Whether <see cref="Dispose"/> frees the context: true where the runner made it.</summary>
    public bool OwnsContext { get; }

    /// <summary>Whether a running decode can be interrupted, on a processor: true where the runner made the context. Else it ends first.</summary>
    public bool CanInterrupt => OwnsContext;

    /// <inheritdoc />
    /// <exception cref="ArgumentException">
    /// The batch is empty or too large, a token, position or sequence is out of range, the rows of a sequence do not continue it,
    /// or hidden rows are wanted and not the logits of every row.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The runner was disposed.</exception>
    public DecodeStatus Decode(TokenBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ThrowIfDisposed();
        _abortSwitch.Reset();
        _rules.Check(batch);
        SetHidden(batch.WantsHiddenRows);
        var result = _context.Decode(_batch.Fill(batch));
        if (result == DecodeResult.Ok && (CanInterrupt || !_abortSwitch.IsRequested))
        {
            _rules.Accept(batch);
            return DecodeStatus.Ok;
        }

        _rules.ReadLengths(LengthOf);
        return result switch
        {
            DecodeResult.Ok or DecodeResult.ComputeAborted => DecodeStatus.Aborted,
            DecodeResult.NoKvSlot => DecodeStatus.NoKvSlot,
            DecodeResult.AllocationFailed => throw new ModelFailureException($"No memory for a decode of {batch.Count} rows. Use a smaller context or model."),
            _ => throw new ModelFailureException($"LLamaSharp could not decode {batch.Count} rows ({result}). The log of llama.cpp says why (NativeLogConfig.llama_log_set)."),
        };
    }

    /// <inheritdoc />
    /// <remarks>The span lies in native memory: it is also invalid once the runner is disposed.</remarks>
    /// <exception cref="ArgumentException">The last decode failed, or the row was not part of it, or was added without wants-logits.</exception>
    /// <exception cref="ObjectDisposedException">The runner was disposed.</exception>
    public ReadOnlySpan<float> LogitsRow(int row)
    {
        ThrowIfDisposed();
        _rules.CheckLogits(row);
        return _context.GetLogitsIth(row);
    }

    /// <inheritdoc />
    /// <remarks>The span lies in native memory: it is also invalid once the runner is disposed.</remarks>
    /// <exception cref="ObjectDisposedException">The runner was disposed.</exception>
    public ReadOnlySpan<float> LogitsBlock
    {
        get
        {
            ThrowIfDisposed();
            return _rules.LogitsRowCount == 0 ? default : _context.GetLogits(_rules.LogitsRowCount);
        }
    }

    /// <inheritdoc />
    /// <remarks>The span lies in native memory: it is also invalid once the runner is disposed.</remarks>
    /// <exception cref="ArgumentException">The last decode failed or gave no hidden rows, or the row was not part of it.</exception>
    /// <exception cref="ObjectDisposedException">The runner was disposed.</exception>
    public ReadOnlySpan<float> HiddenRow(int row)
    {
        ThrowIfDisposed();
        _rules.CheckHidden(row);
        return _context.GetEmbeddingsIth(row);
    }

    /// <inheritdoc />
    /// <exception cref="ArgumentException">A sequence is out of range, or the positions are not there or do not continue the other sequence.</exception>
    /// <exception cref="ObjectDisposedException">The runner was disposed.</exception>
    public void CopySequence(SequenceId source, SequenceId destination, int startPosition, int endPosition)
    {
        ThrowIfDisposed();
        _rules.CheckCopy(source, destination, startPosition, endPosition);
        _context.MemorySequenceCopy((LLamaSeqId)source.Value, (LLamaSeqId)destination.Value, startPosition, endPosition);
        _rules.SetLength(destination, endPosition);
    }

    /// <inheritdoc />
    /// <exception cref="ArgumentException">The sequence or the position is out of range.</exception>
    /// <exception cref="ObjectDisposedException">The runner was disposed.</exception>
    public bool TrimSequence(SequenceId sequence, int position)
    {
        ThrowIfDisposed();
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        if (position >= _rules.LengthOf(sequence))
        {
            return true;
        }

        // LLamaSharp does not hand on whether llama.cpp could.
        _context.MemorySequenceRemove((LLamaSeqId)sequence.Value, position, -1);
        var length = LengthOf(sequence.Value);
        _rules.SetLength(sequence, length);
        return length == position;
    }

    /// <inheritdoc />
    /// <exception cref="ArgumentException">The sequence is out of range.</exception>
    /// <exception cref="ObjectDisposedException">The runner was disposed.</exception>
    public void ReleaseSequence(SequenceId sequence)
    {
        ThrowIfDisposed();
        _rules.CheckSequence(sequence);
        _context.MemorySequenceRemove((LLamaSeqId)sequence.Value, -1, -1);
        _rules.SetLength(sequence, 0);
    }

    /// <inheritdoc />
    /// <exception cref="ArgumentException">The sequence is out of range.</exception>
    /// <exception cref="ObjectDisposedException">The runner was disposed.</exception>
    public int SequenceLength(SequenceId sequence)
    {
        ThrowIfDisposed();
        _rules.CheckSequence(sequence);
        return LengthOf(sequence.Value);
    }

    /// <inheritdoc />
    /// <remarks>Over a context that was handed over, the running decode ends first: see <see cref="CanInterrupt"/>.</remarks>
    /// <exception cref="ObjectDisposedException">The runner was disposed.</exception>
    public void RequestAbort()
    {
        ThrowIfDisposed();
        _abortSwitch.Request();
    }

    /// <summary>Frees the KV cache where the runner made it; else drops what it wrote to it.</summary>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        if (OwnsContext)
        {
            _context.Dispose();
        }
        else if (!_context.IsClosed)
        {
            _context.MemoryClear(data: false);
            _context.SetEmbeddings(_gaveEmbeddings);
        }
    }

    private static SafeLlamaModelHandle HandleOf(LLamaWeights weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        return weights.NativeHandle;
    }

    private static SafeLLamaContextHandle HandleOf(LLamaContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        LLamaSharpVersion.ThrowIfUnfit();
        var handle = context.NativeHandle;
        if (handle.IsInvalid)
        {
            throw new ModelFailureException("The context was not created: memory ran out, or its settings contradict each other. The log of llama.cpp says more.");
        }

        return WhyUnfit(handle, context.Params) is { } reason ? throw new ArgumentException(reason, nameof(context)) : handle;
    }

    private static string? WhyUnfit(SafeLLamaContextHandle handle, IContextParams parameters) =>
        handle.MaxSeq > 1 && parameters.KVUnified == false ? "The sequences of the context do not share their KV cache cells. Create it with KVUnified = true."
        : handle.PoolingType != LLamaPoolingType.None ? "The context sums up what it decodes. Create it with PoolingType = LLamaPoolingType.None."
        : parameters.SwaFull == false && handle.ModelHandle.SWACount > 0 ? "The context forgets what its attention window has left behind, and cannot be rolled back. Create it with SwaFull = true."
        : null;

    // A change makes llama.cpp build another graph, so it is told of changes only.
    private void SetHidden(bool wanted)
    {
        if (_givesHidden != wanted)
        {
            _context.SetEmbeddings(wanted);
            _givesHidden = wanted;
        }
    }

    private int LengthOf(int sequence) => _context.MemorySequenceMaxPosition((LLamaSeqId)sequence).Value + 1;

    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_isDisposed || _context.IsClosed, this);
}
