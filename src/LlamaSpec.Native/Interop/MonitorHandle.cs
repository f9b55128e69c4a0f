namespace LlamaSpec.Native.Interop;

/// <summary>Owns an lsl_monitor.</summary>
internal sealed class MonitorHandle(ulong id) : ShimHandle(id)
{
    protected override bool ReleaseHandle() => ShimImports.MonitorFree(Id) == ShimStatus.Ok;
}
