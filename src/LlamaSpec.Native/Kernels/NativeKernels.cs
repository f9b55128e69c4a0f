using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using LlamaSpec.Sampling;
using LlamaSpec.Verification;

namespace LlamaSpec.Native.Kernels;

/// <summary>The row arithmetic of native/kernels, in the best instruction set of the processor. Safe from any thread.</summary>
public sealed unsafe class NativeKernels : IKernels
{
    /// <summary>Loads the native library.</summary>
    /// <exception cref="NativeLibraryException">It is missing, or belongs to another version of LlamaSpec.</exception>
    public NativeKernels()
    {
        var version = KernelImports.GetAbiVersion();
        if (version != KernelImports.AbiVersion)
        {
            throw new NativeLibraryException(
                $"llamaspec_kernels has ABI version {version}, this build needs {KernelImports.AbiVersion}: build the native libraries of the same version.");
        }
    }

    /// <summary>The instruction set in use: "scalar", "avx2", "avx512" or "neon".</summary>
    [SuppressMessage("Performance", "CA1822:Mark members as static", Justification = "Asked of an instance, whose creation has loaded the library.")]
    public string InstructionSet => KernelImports.GetInstructions() switch
    {
        0 => "scalar",
        1 => "avx2",
        2 => "avx512",
        3 => "neon",
        var other => $"unknown ({other})",
    };

    /// <inheritdoc />
    public bool TryRowStatistics(ReadOnlySpan<float> logits, float inverseTemperature, Span<int> topColumns, Span<float> topLogits, out RowStatistics statistics)
    {
        CheckLength(topLogits.Length, topColumns.Length, nameof(topLogits));
        RowStatistics result = default;
        KernelStatus status;
        fixed (float* logitsPointer = logits)
        fixed (int* topColumnsPointer = topColumns)
        fixed (float* topLogitsPointer = topLogits)
        {
            status = KernelImports.RowStatistics(
                logitsPointer, logits.Length, inverseTemperature, topColumns.Length, topColumnsPointer, topLogitsPointer, &result);
        }

        statistics = result;
        return IsValidRow(status);
    }

    /// <inheritdoc />
    public int ArgMax(ReadOnlySpan<float> logits)
    {
        int column;
        KernelStatus status;
        fixed (float* logitsPointer = logits)
        {
            status = KernelImports.ArgMax(logitsPointer, logits.Length, &column);
        }

        return IsValidRow(status) ? column : -1;
    }

    /// <inheritdoc />
    public void Softmax(ReadOnlySpan<float> logits, float inverseTemperature, double logSumExp, Span<float> probabilities)
    {
        CheckLength(probabilities.Length, logits.Length, nameof(probabilities));
        fixed (float* logitsPointer = logits)
        fixed (float* probabilitiesPointer = probabilities)
        {
            IsValidRow(KernelImports.Softmax(logitsPointer, logits.Length, inverseTemperature, logSumExp, probabilitiesPointer));
        }
    }

    /// <inheritdoc />
    public double Residual(ReadOnlySpan<float> target, double targetScale, ReadOnlySpan<float> draft, Span<float> residual)
    {
        CheckLength(draft.Length, target.Length, nameof(draft));
        CheckLength(residual.Length, target.Length, nameof(residual));
        double mass;
        fixed (float* targetPointer = target)
        fixed (float* draftPointer = draft)
        fixed (float* residualPointer = residual)
        {
            IsValidRow(KernelImports.Residual(targetPointer, targetScale, draftPointer, target.Length, residualPointer, &mass));
        }

        return mass;
    }

    /// <inheritdoc />
    public int Sample(ReadOnlySpan<float> weights, double uniform)
    {
        int column;
        KernelStatus status;
        fixed (float* weightsPointer = weights)
        {
            status = KernelImports.Sample(weightsPointer, weights.Length, uniform, &column);
        }

        return IsValidRow(status) ? column : -1;
    }

    /// <inheritdoc />
    public void VerifyTrees(ReadOnlySpan<float> logits, int columnCount, TreeBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(columnCount);
        IsValidRow(TreeBatchPointers.With(
            logits, batch, (Rows: logits.Length / columnCount, Columns: columnCount),
            static (size, logitsPointer, pointers) => KernelImports.VerifyTrees(logitsPointer, size.Rows, size.Columns, pointers)));
    }

    /// <summary>Statistics of rows that follow each other, one sweep each.</summary>
    /// <param name="logits">The rows.</param>
    /// <param name="inverseTemperature">Factor on every logit before softmax, > 0.</param>
    /// <param name="statistics">Receives those of each row; there are as many rows.</param>
    /// <param name="isValid">Receives 1, or 0 for a row that <see cref="TryRowStatistics"/> refuses; same length.</param>
    internal static void RowsStatistics(ReadOnlySpan<float> logits, float inverseTemperature, Span<RowStatistics> statistics, Span<byte> isValid)
    {
        CheckLength(isValid.Length, statistics.Length, nameof(isValid));
        var columnCount = statistics.IsEmpty ? 0 : logits.Length / statistics.Length;
        CheckLength(logits.Length, statistics.Length * columnCount, nameof(logits));
        fixed (float* logitsPointer = logits)
        fixed (RowStatistics* statisticsPointer = statistics)
        fixed (byte* isValidPointer = isValid)
        {
            IsValidRow(KernelImports.RowsStatistics(
                logitsPointer, statistics.Length, columnCount, inverseTemperature, statisticsPointer, isValidPointer));
        }
    }

    /// <summary>Bit j of each node's mask: node j is the node or an ancestor of it. At most 64 nodes.</summary>
    internal static void AncestorMasks(ReadOnlySpan<int> parents, Span<ulong> masks)
    {
        CheckLength(masks.Length, parents.Length, nameof(masks));
        fixed (int* parentsPointer = parents)
        fixed (ulong* masksPointer = masks)
        {
            IsValidRow(KernelImports.AncestorMasks(parentsPointer, parents.Length, masksPointer));
        }
    }

    /// <summary>Process-wide, for tests: -1 = best, 0 = scalar, 1 = AVX2, 2 = AVX-512, 3 = NEON. False where the processor lacks it.</summary>
    internal static bool TryChooseInstructions(int instructions)
    {
        var status = KernelImports.ChooseInstructions(instructions);
        return status != KernelStatus.Unsupported && IsValidRow(status);
    }

    private static bool IsValidRow(KernelStatus status) => status switch
    {
        KernelStatus.Ok => true,
        KernelStatus.InvalidRow => false,
        KernelStatus.OutOfMemory => throw new InsufficientMemoryException(Marshal.PtrToStringUTF8((nint)KernelImports.GetLastMessage())),
        _ => throw new InvalidOperationException(Marshal.PtrToStringUTF8((nint)KernelImports.GetLastMessage())),
    };

    private static void CheckLength(int length, int wanted, string name)
    {
        if (length != wanted)
        {
            throw new ArgumentException($"Has {length} columns, must have {wanted}.", name);
        }
    }
}
