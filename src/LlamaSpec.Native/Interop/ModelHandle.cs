namespace LlamaSpec.Native.Interop;

/// <summary>Owns an lsl_model.</summary>
internal sealed class ModelHandle(ulong id) : ShimHandle(id)
{
    protected override bool ReleaseHandle() => ShimImports.ModelFree(Id) == ShimStatus.Ok;
}
