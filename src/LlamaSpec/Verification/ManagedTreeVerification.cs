using LlamaSpec.Drafting;
using LlamaSpec.Sampling;

namespace LlamaSpec.Verification;

/// <summary>
/// Verifies a <see cref="TreeBatch"/> with <see cref="Sampler"/> and <see cref="TreeVerifier"/>: the specification of
/// <see cref="IKernels.VerifyTrees"/>. Owns its scratch memory, so one thread at a time.
/// </summary>
internal sealed class ManagedTreeVerification(IKernels kernels, int columnCount)
{
    private readonly Sampler _sampler = new(kernels, columnCount);
    private readonly TokenDistribution _target = new(columnCount);
    private readonly TokenDistribution _first = new(columnCount);
    private readonly TokenDistribution _second = new(columnCount);

    public int ColumnCount => columnCount;

    public void Verify(ReadOnlySpan<float> logits, TreeBatch batch)
    {
        for (var request = 0; request < batch.Count; request++)
        {
            batch.Verdicts[request] = batch.Requests[request].IsGreedy != 0
                ? FollowLargest(logits, batch, request)
                : Draw(logits, batch, request);
        }
    }

    private TreeVerdict FollowLargest(ReadOnlySpan<float> logits, TreeBatch batch, int request)
    {
        var tree = batch.Tree(request);
        var node = TokenTree.Anchor;
        for (var accepted = 0; ; accepted++)
        {
            var row = batch.Row(logits, columnCount, request, node);
            if (!kernels.TryRowStatistics(row, 1f, [], [], out batch.Statistics[batch.State(request, node)]))
            {
                return new TreeVerdict { AcceptedCount = accepted, LastNode = node, NextToken = -1 };
            }

            var token = batch.Statistics[batch.State(request, node)].ArgMax;
            var child = tree.Child(node, token);
            if (child < 0)
            {
                var kind = tree.FirstChild(node) < 0 ? NextTokenKind.Bonus : NextTokenKind.Correction;
                return new TreeVerdict { AcceptedCount = accepted, LastNode = node, NextToken = token, Kind = (int)kind };
            }

            node = child;
        }
    }

    private TreeVerdict Draw(ReadOnlySpan<float> logits, TreeBatch batch, int request)
    {
        var rows = new Rows(this, logits, batch, request);
        var draws = new BatchDraws(kernels, batch, request);
        var acceptance = TreeVerifier.Verify(batch.Tree(request), ref rows, (_first, _second), kernels, ref draws);
        return new TreeVerdict
        {
            AcceptedCount = acceptance.AcceptedCount,
            LastNode = acceptance.LastNode,
            NextToken = rows.IsValid ? acceptance.NextToken : -1,
            Kind = (int)acceptance.Kind,
        };
    }

    private ref struct Rows(ManagedTreeVerification owner, ReadOnlySpan<float> logits, TreeBatch batch, int request) : ITargetRows
    {
        private readonly ReadOnlySpan<float> _logits = logits;

        public bool IsValid { get; private set; } = true;

        public TokenDistribution At(int node)
        {
            var row = batch.Row(_logits, owner.ColumnCount, request, node);
            if (!owner._sampler.TryShape(row, null, [], batch.Sampling(request), owner._target, out batch.Statistics[batch.State(request, node)]))
            {
                IsValid = false;
                owner._target.Clear();
            }

            return owner._target;
        }
    }

    private readonly struct BatchDraws(IKernels kernels, TreeBatch batch, int request) : IVerificationDraws
    {
        public bool Accept(int node, double numerator, double denominator) =>
            batch.AcceptUniforms[batch.Requests[request].FirstNode + node] * denominator < numerator;

        public int Sample(int node, TokenDistribution weights) =>
            weights.Sample(kernels, batch.NextUniforms[batch.State(request, node - 1)]);
    }
}
