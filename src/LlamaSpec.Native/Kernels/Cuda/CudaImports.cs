using System.Runtime.InteropServices;
using LlamaSpec.Native.Interop;

namespace LlamaSpec.Native.Kernels.Cuda;

/// <summary>The functions of native/kernels/cuda/llamaspec_cuda.h that are used from here.</summary>
internal static unsafe partial class CudaImports
{
    /// <summary>LSK_CUDA_HOST.</summary>
    public const int HostMemory = 0;

    [LibraryImport(NativeLibraryResolver.KernelLibrary, EntryPoint = "lsk_cuda_open")]
    public static partial KernelStatus Open(int device, out nint session);

    [LibraryImport(NativeLibraryResolver.KernelLibrary, EntryPoint = "lsk_cuda_close")]
    public static partial KernelStatus Close(nint session);

    [LibraryImport(NativeLibraryResolver.KernelLibrary, EntryPoint = "lsk_cuda_device_name")]
    public static partial KernelStatus DeviceName(CudaSessionHandle session, byte* name, int capacity);

    [LibraryImport(NativeLibraryResolver.KernelLibrary, EntryPoint = "lsk_cuda_verify_trees_f32")]
    public static partial KernelStatus VerifyTrees(
        CudaSessionHandle session, int memory, float* logits, int rowCount, int columnCount, TreeBatchPointers* batch);
}
