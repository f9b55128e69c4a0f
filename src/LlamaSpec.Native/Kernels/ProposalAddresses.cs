using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LlamaSpec.Verification;

namespace LlamaSpec.Native.Kernels;

/// <summary>Addresses of the proposals that sampled nodes were drawn from, by state: weights of distributions are pinned.</summary>
internal static unsafe class ProposalAddresses
{
    public static void Write(TreeBatch batch, Span<nint> addresses)
    {
        addresses.Clear();
        for (var request = 0; request < batch.Count; request++)
        {
            var (firstNode, nodeCount) = (batch.Requests[request].FirstNode, batch.Requests[request].NodeCount);
            var parents = batch.Parents.Slice(firstNode, nodeCount);
            var isSampled = batch.IsSampled.Slice(firstNode, nodeCount);
            var tree = batch.Tree(request);
            for (var node = 0; node < nodeCount && tree.HasProposals; node++)
            {
                if (isSampled[node] != 0)
                {
                    var weights = tree.Proposal(parents[node]).Weights;
                    addresses[batch.State(request, parents[node])] = (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(weights));
                }
            }
        }
    }
}
