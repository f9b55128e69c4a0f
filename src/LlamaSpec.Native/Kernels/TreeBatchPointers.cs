using System.Runtime.InteropServices;
using LlamaSpec.Sampling;
using LlamaSpec.Verification;

namespace LlamaSpec.Native.Kernels;

/// <summary>Where the arrays of a <see cref="TreeBatch"/> are. The layout is that of <c>lsk_tree_batch</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct TreeBatchPointers
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
