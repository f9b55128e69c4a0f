using System.Buffers;
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

    /// <summary>A native call with logits and a batch, both pinned while it runs.</summary>
    public delegate KernelStatus Call<in TState>(TState state, float* logits, TreeBatchPointers* batch);

    /// <summary>Pins logits and a batch, and makes a call with them.</summary>
    /// <param name="logits">The rows.</param>
    /// <param name="batch">The trees; receives the verdicts.</param>
    /// <param name="state">Handed on to the call.</param>
    /// <param name="call">The call; what it is given must not be kept.</param>
    public static KernelStatus With<TState>(ReadOnlySpan<float> logits, TreeBatch batch, TState state, Call<TState> call)
    {
        var proposalMemory = ArrayPool<nint>.Shared.Rent(batch.Statistics.Length);
        try
        {
            ProposalAddresses.Write(batch, proposalMemory.AsSpan(0, batch.Statistics.Length));
            fixed (float* logitsPointer = logits)
            fixed (TreeRequest* requests = batch.Requests)
            fixed (int* tokens = batch.Tokens)
            fixed (int* parents = batch.Parents)
            fixed (byte* isSampled = batch.IsSampled)
            fixed (nint* proposals = proposalMemory)
            fixed (double* acceptUniforms = batch.AcceptUniforms)
            fixed (double* nextUniforms = batch.NextUniforms)
            fixed (TreeVerdict* verdicts = batch.Verdicts)
            fixed (RowStatistics* statistics = batch.Statistics)
            {
                var pointers = new TreeBatchPointers
                {
                    Requests = requests,
                    RequestCount = batch.Count,
                    Tokens = tokens,
                    Parents = parents,
                    IsSampled = isSampled,
                    NodeCount = batch.Tokens.Length,
                    Proposals = (float**)proposals,
                    AcceptUniforms = acceptUniforms,
                    NextUniforms = nextUniforms,
                    Verdicts = verdicts,
                    Statistics = statistics,
                };
                return call(state, logitsPointer, &pointers);
            }
        }
        finally
        {
            ArrayPool<nint>.Shared.Return(proposalMemory);
        }
    }
}
