namespace LlamaSpec.Native.Interop;

/// <summary>Owns an lsl_context.</summary>
internal sealed class ContextHandle(ulong id) : ShimHandle(id)
{
    protected override bool ReleaseHandle() => ShimImports.ContextFree(Id) == ShimStatus.Ok;
}
