namespace LlamaSpec.Native.Interop;

/// <summary>Owns an lsl_embeddings.</summary>
internal sealed class EmbeddingsHandle(ulong id) : ShimHandle(id)
{
    protected override bool ReleaseHandle() => ShimImports.EmbeddingsFree(Id) == ShimStatus.Ok;
}
