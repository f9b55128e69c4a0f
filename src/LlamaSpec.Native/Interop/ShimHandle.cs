using System.Runtime.InteropServices;

namespace LlamaSpec.Native.Interop;

/// <summary>
/// A handle of the shim's tables. It is a 64-bit number, not a pointer, and fits a native integer because every
/// supported RID is 64-bit.
/// </summary>
internal abstract class ShimHandle : SafeHandle
{
    protected ShimHandle(ulong id)
        : base(invalidHandleValue: 0, ownsHandle: true) => SetHandle(checked((nint)id));

    public override bool IsInvalid => handle == 0;

    protected ulong Id => (ulong)handle;
}
