using System.Runtime.InteropServices;
using LlamaSpec.Sampling;
using LlamaSpec.Verification;

namespace LlamaSpec.Native.Kernels.Cuda;

/// <summary>
/// <see cref="NativeKernels"/>, with the trees of a step verified on an NVIDIA GPU. Where there is none, and for what it does not
/// do, the processor does it, with the same verdicts: so this can always be used. An option, not a default: the logits lie in
/// host memory, and the GPU has to win with their copy. Safe from any thread; the GPU serves one call at a time.
/// </summary>
public sealed unsafe class CudaKernels : IKernels, IDisposable
{
    private const int NameCapacity = 256;

    private readonly NativeKernels _processor = new();
    private readonly Lock _turn = new();
    private CudaSessionHandle? _session;

    /// <summary>Opens a GPU, if it can be.</summary>
    /// <param name="device">Its number, from 0.</param>
    /// <exception cref="NativeLibraryException">The native libraries are missing or do not fit.</exception>
    public CudaKernels(int device = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(device);
        var status = CudaImports.Open(device, out var session);
        _session = status == KernelStatus.Ok ? new CudaSessionHandle(session) : null;
        UnavailableReason = status == KernelStatus.Ok ? null : LastMessage();
        DeviceName = ReadName(_session);
    }

    /// <summary>The GPU's name; null = none is in use.</summary>
    public string? DeviceName { get; }

    /// <summary>Why no GPU is in use, for example that there is no NVIDIA driver; null = one is.</summary>
    public string? UnavailableReason { get; }

    /// <summary>Batches that the GPU verified.</summary>
    public long GpuBatchCount { get; private set; }

    /// <summary>Batches that the processor verified in its place.</summary>
    public long ProcessorBatchCount { get; private set; }

    /// <summary>Why the processor verified the last of them, where a GPU is in use; null = it did not.</summary>
    public string? FallbackReason { get; private set; }

    /// <inheritdoc />
    public bool TryRowStatistics(ReadOnlySpan<float> logits, float inverseTemperature, Span<int> topColumns, Span<float> topLogits, out RowStatistics statistics) =>
        _processor.TryRowStatistics(logits, inverseTemperature, topColumns, topLogits, out statistics);

    /// <inheritdoc />
    public int ArgMax(ReadOnlySpan<float> logits) => _processor.ArgMax(logits);

    /// <inheritdoc />
    public void Softmax(ReadOnlySpan<float> logits, float inverseTemperature, double logSumExp, Span<float> probabilities) =>
        _processor.Softmax(logits, inverseTemperature, logSumExp, probabilities);

    /// <inheritdoc />
    public double Residual(ReadOnlySpan<float> target, double targetScale, ReadOnlySpan<float> draft, Span<float> residual) =>
        _processor.Residual(target, targetScale, draft, residual);

    /// <inheritdoc />
    public int Sample(ReadOnlySpan<float> weights, double uniform) => _processor.Sample(weights, uniform);

    /// <inheritdoc />
    /// <exception cref="InvalidOperationException">The batch does not belong to these logits.</exception>
    public void VerifyTrees(ReadOnlySpan<float> logits, int columnCount, TreeBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        lock (_turn)
        {
            if (_session is { } session && TryOnGpu(session, logits, columnCount, batch))
            {
                GpuBatchCount++;
                return;
            }

            ProcessorBatchCount++;
        }

        _processor.VerifyTrees(logits, columnCount, batch);
    }

    /// <summary>Gives the GPU back. What is verified from then on, the processor verifies.</summary>
    public void Dispose()
    {
        lock (_turn)
        {
            _session?.Dispose();
            _session = null;
        }
    }

    // A GPU that fails in the middle is no other case: nothing has been written.
    private bool TryOnGpu(CudaSessionHandle session, ReadOnlySpan<float> logits, int columnCount, TreeBatch batch)
    {
        var status = TreeBatchPointers.With(
            logits, batch, (Session: session, Rows: logits.Length / columnCount, Columns: columnCount),
            static (asked, logitsPointer, pointers) =>
                CudaImports.VerifyTrees(asked.Session, CudaImports.HostMemory, logitsPointer, asked.Rows, asked.Columns, pointers));
        FallbackReason = status == KernelStatus.Unsupported ? LastMessage() : FallbackReason;
        return status switch
        {
            KernelStatus.Ok => true,
            KernelStatus.Unsupported => false,
            _ => throw new InvalidOperationException(LastMessage()),
        };
    }

    private static string? ReadName(CudaSessionHandle? session)
    {
        if (session is null)
        {
            return null;
        }

        var name = stackalloc byte[NameCapacity];
        return CudaImports.DeviceName(session, name, NameCapacity) == KernelStatus.Ok ? Marshal.PtrToStringUTF8((nint)name) : null;
    }

    private static string LastMessage() => Marshal.PtrToStringUTF8((nint)KernelImports.GetLastMessage()) ?? "";
}
