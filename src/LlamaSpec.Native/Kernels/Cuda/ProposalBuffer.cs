using LlamaSpec.Drafting;
using LlamaSpec.Verification;

namespace LlamaSpec.Native.Kernels.Cuda;

/// <summary>
/// The proposals of a batch in memory that does not move, and a pointer to each by state. The copy is what page-locked memory
/// is filled with anyway. Grows to the largest batch.
/// </summary>
internal sealed unsafe class ProposalBuffer
{
    private float[] _weights = [];
    private nint[] _pointers = [];

    /// <summary>Pointers by state; 0 where no child is sampled. Not to be kept beyond the next <see cref="Fill"/>.</summary>
    public ReadOnlySpan<nint> Pointers => _pointers;

    /// <summary>Copies what the sampled nodes of a batch were drawn from.</summary>
    public void Fill(TreeBatch batch, int columnCount)
    {
        Reserve(batch, columnCount);
        Array.Clear(_pointers);
        var rowCount = 0;
        for (var request = 0; request < batch.Count; request++)
        {
            var tree = batch.Tree(request);
            for (var node = 0; node < tree.Count; node++)
            {
                ref var pointer = ref _pointers[batch.State(request, tree.Parents[node])];
                if (tree.IsSampled[node] != 0 && pointer == 0)
                {
                    pointer = CopyRow(tree.Proposal(tree.Parents[node]).Weights, rowCount++, columnCount);
                }
            }
        }
    }

    private nint CopyRow(ReadOnlySpan<float> weights, int row, int columnCount)
    {
        var place = _weights.AsSpan(row * columnCount, columnCount);
        weights.CopyTo(place);
        fixed (float* pointer = place)
        {
            return (nint)pointer; // the array is on the pinned heap
        }
    }

    private void Reserve(TreeBatch batch, int columnCount)
    {
        var sampledCount = 0;
        for (var request = 0; request < batch.Count; request++)
        {
            sampledCount += batch.Tree(request).SampledCount;
        }

        var stateCount = batch.NextUniforms.Length;
        if (_pointers.Length < stateCount)
        {
            _pointers = new nint[stateCount];
        }

        if (_weights.Length < sampledCount * columnCount)
        {
            _weights = GC.AllocateUninitializedArray<float>(sampledCount * columnCount, pinned: true);
        }
    }
}
