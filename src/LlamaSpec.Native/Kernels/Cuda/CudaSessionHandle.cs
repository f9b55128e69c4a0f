using System.Runtime.InteropServices;

namespace LlamaSpec.Native.Kernels.Cuda;

/// <summary>Owns an lsk_cuda: an opened GPU and the memory taken on it.</summary>
internal sealed class CudaSessionHandle : SafeHandle
{
    public CudaSessionHandle(nint session)
        : base(invalidHandleValue: 0, ownsHandle: true) => SetHandle(session);

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle() => CudaImports.Close(handle) == KernelStatus.Ok;
}
