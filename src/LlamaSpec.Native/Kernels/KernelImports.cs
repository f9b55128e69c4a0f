using System.Runtime.InteropServices;
using LlamaSpec.Native.Interop;
using LlamaSpec.Sampling;

namespace LlamaSpec.Native.Kernels;

/// <summary>The functions of native/kernels/llamaspec_kernels.h, one to one.</summary>
internal static unsafe partial class KernelImports
{
    /// <summary>LSK_ABI_VERSION that this file was written for.</summary>
    public const int AbiVersion = 2;

    [LibraryImport(NativeLibraryResolver.KernelLibrary, EntryPoint = "lsk_abi_version")]
    public static partial int GetAbiVersion();

    [LibraryImport(NativeLibraryResolver.KernelLibrary, EntryPoint = "lsk_last_message")]
    public static partial byte* GetLastMessage();

    [LibraryImport(NativeLibraryResolver.KernelLibrary, EntryPoint = "lsk_instructions")]
    public static partial int GetInstructions();

    [LibraryImport(NativeLibraryResolver.KernelLibrary, EntryPoint = "lsk_choose_instructions")]
    public static partial KernelStatus ChooseInstructions(int instructions);

    [LibraryImport(NativeLibraryResolver.KernelLibrary, EntryPoint = "lsk_row_statistics_f32")]
    public static partial KernelStatus RowStatistics(
        float* logits, int columnCount, float inverseTemperature, int topCount, int* topColumns, float* topLogits, RowStatistics* statistics);

    [LibraryImport(NativeLibraryResolver.KernelLibrary, EntryPoint = "lsk_argmax_f32")]
    public static partial KernelStatus ArgMax(float* logits, int columnCount, int* column);

    [LibraryImport(NativeLibraryResolver.KernelLibrary, EntryPoint = "lsk_softmax_f32")]
    public static partial KernelStatus Softmax(float* logits, int columnCount, float inverseTemperature, double logSumExp, float* probabilities);

    [LibraryImport(NativeLibraryResolver.KernelLibrary, EntryPoint = "lsk_residual_f32")]
    public static partial KernelStatus Residual(float* target, double targetScale, float* draft, int columnCount, float* residual, double* mass);

    [LibraryImport(NativeLibraryResolver.KernelLibrary, EntryPoint = "lsk_sample_f32")]
    public static partial KernelStatus Sample(float* weights, int columnCount, double uniform, int* column);

    [LibraryImport(NativeLibraryResolver.KernelLibrary, EntryPoint = "lsk_rows_statistics_f32")]
    public static partial KernelStatus RowsStatistics(
        float* logits, int rowCount, int columnCount, float inverseTemperature, RowStatistics* statistics, byte* isValid);

    [LibraryImport(NativeLibraryResolver.KernelLibrary, EntryPoint = "lsk_verify_trees_f32")]
    public static partial KernelStatus VerifyTrees(float* logits, int rowCount, int columnCount, TreeBatchPointers* batch);

    [LibraryImport(NativeLibraryResolver.KernelLibrary, EntryPoint = "lsk_ancestor_masks")]
    public static partial KernelStatus AncestorMasks(int* parents, int nodeCount, ulong* masks);
}
