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

    /// <summary>The instruction set in use: "scalar", "avx2" or "avx512".</summary>
    [SuppressMessage("Performance", "CA1822:Mark members as static", Justification = "Asked of an instance, whose creation has loaded the library.")]
    public string InstructionSet => KernelImports.GetInstructions() switch
    {
        0 => "scalar",
        1 => "avx2",
        2 => "avx512",
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
        batch.VerifyManaged(this, logits, columnCount);
    }

    /// <summary>Process-wide, for tests: -1 = best, 0 = scalar, 1 = AVX2, 2 = AVX-512. False where the processor lacks it.</summary>
    internal static bool TryChooseInstructions(int instructions)
    {
        var status = KernelImports.ChooseInstructions(instructions);
        return status != KernelStatus.Unsupported && IsValidRow(status);
    }

    private static bool IsValidRow(KernelStatus status) => status switch
    {
        KernelStatus.Ok => true,
        KernelStatus.InvalidRow => false,
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
