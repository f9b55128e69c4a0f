using System.Runtime.InteropServices;
using LlamaSpec.Sampling;
using LlamaSpec.Verification;

namespace LlamaSpec.Native.Kernels.Cuda;

/// <summary>lsk_tree_batch: pointers into a <see cref="TreeBatch"/>, valid while its arrays are pinned.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct CudaTreeBatch
{
    public TreeRequest* Requests;
    public int RequestCount;
    public int* Tokens;
    public int* Parents;
    public byte* IsSampled;
    public int NodeCount;
    public float** Proposals;
    public double* AcceptUniforms;
    public double* NextUniforms;
    public TreeVerdict* Verdicts;
    public RowStatistics* Statistics;
}
