using LlamaSpec.Drafting;
using LlamaSpec.Sampling;

namespace LlamaSpec.Verification;

/// <summary>
/// The trees of a step, to be verified in one call, in flat arrays sized once. A request's nodes follow each other; its states,
/// the anchor token's and one for each node, too: state 0 of a request is at FirstNode plus the request's index.
/// All chance is drawn before: one number for each test and one for each draw that may be needed.
/// </summary>
/// <param name="requestCapacity">Most requests.</param>
/// <param name="nodeCapacity">Most nodes of all of them together.</param>
public sealed class TreeBatch(int requestCapacity, int nodeCapacity)
{
    private readonly TreeRequest[] _requests = new TreeRequest[requestCapacity];
    private readonly TreeVerdict[] _verdicts = new TreeVerdict[requestCapacity];
    private readonly TokenTree?[] _trees = new TokenTree?[requestCapacity];
    private readonly SamplingOptions?[] _samplings = new SamplingOptions?[requestCapacity];
    private readonly int[] _tokens = new int[nodeCapacity];
    private readonly int[] _parents = new int[nodeCapacity];
    private readonly byte[] _isSampled = new byte[nodeCapacity];
    private readonly double[] _acceptUniforms = new double[nodeCapacity];
    private readonly double[] _nextUniforms = new double[requestCapacity + nodeCapacity];
    private readonly RowStatistics[] _statistics = new RowStatistics[requestCapacity + nodeCapacity];
    private ManagedTreeVerification? _managed;
    private int _nodeCount;

    /// <summary>Requests added.</summary>
    public int Count { get; private set; }

    /// <summary>The requests.</summary>
    public ReadOnlySpan<TreeRequest> Requests => _requests.AsSpan(0, Count);

    /// <summary>Token of each node.</summary>
    public ReadOnlySpan<int> Tokens => _tokens.AsSpan(0, _nodeCount);

    /// <summary>Parent of each node within its request; -1 = the anchor token.</summary>
    public ReadOnlySpan<int> Parents => _parents.AsSpan(0, _nodeCount);

    /// <summary>1 for nodes that chance chose, else 0.</summary>
    public ReadOnlySpan<byte> IsSampled => _isSampled.AsSpan(0, _nodeCount);

    /// <summary>A number in [0, 1) for the test of each node.</summary>
    public ReadOnlySpan<double> AcceptUniforms => _acceptUniforms.AsSpan(0, _nodeCount);

    /// <summary>A number in [0, 1) for the draw at each state.</summary>
    public ReadOnlySpan<double> NextUniforms => _nextUniforms.AsSpan(0, _nodeCount + Count);

    /// <summary>The request's tree, for its proposals.</summary>
    public TokenTree Tree(int request) => _trees[request]!;

    /// <summary>How the request's tokens are chosen.</summary>
    public SamplingOptions Sampling(int request) => _samplings[request]!;

    /// <summary>The logits after a node of a request, in a block of rows; the anchor token is node -1.</summary>
    public ReadOnlySpan<float> Row(ReadOnlySpan<float> logits, int columnCount, int request, int node) =>
        logits.Slice((_requests[request].FirstRow + node + 1) * columnCount, columnCount);

    /// <summary>What was decided, by request. For the kernel to write.</summary>
    public Span<TreeVerdict> Verdicts => _verdicts.AsSpan(0, Count);

    /// <summary>
    /// Statistics of each state that verification came to, at the request's temperature (1 at temperature 0). For the kernel to
    /// write; the others are undefined.
    /// </summary>
    public Span<RowStatistics> Statistics => _statistics.AsSpan(0, _nodeCount + Count);

    /// <summary>Where a node's state is in <see cref="NextUniforms"/> and <see cref="Statistics"/>; the anchor token is node -1.</summary>
    public int State(int request, int node) => _requests[request].FirstNode + request + node + 1;

    /// <summary>Adds a tree and returns its request's index.</summary>
    /// <param name="tree">The tree; must stay as it is until the batch is verified.</param>
    /// <param name="sampling">How tokens are chosen; must not change logits.</param>
    /// <param name="seed">Seed of the request.</param>
    /// <param name="round">Round of the request.</param>
    /// <param name="firstRow">Its anchor token's row in the block of logits.</param>
    public int Add(TokenTree tree, SamplingOptions sampling, ulong seed, long round, int firstRow)
    {
        ArgumentNullException.ThrowIfNull(tree);
        ArgumentNullException.ThrowIfNull(sampling);
        var request = Count++;
        _trees[request] = tree;
        _samplings[request] = sampling;
        _requests[request] = new TreeRequest
        {
            FirstNode = _nodeCount,
            NodeCount = tree.Count,
            FirstRow = firstRow,
            IsGreedy = sampling.IsGreedy ? 1 : 0,
            InverseTemperature = sampling.InverseTemperature,
            TopK = sampling.TopK,
            TopP = sampling.TopP,
            MinP = sampling.MinP,
        };
        tree.Tokens.CopyTo(_tokens.AsSpan(_nodeCount));
        tree.Parents.CopyTo(_parents.AsSpan(_nodeCount));
        tree.IsSampled.CopyTo(_isSampled.AsSpan(_nodeCount));
        _nodeCount += tree.Count;
        if (!sampling.IsGreedy)
        {
            DrawChance(request, tree.Count, seed, round);
        }

        return request;
    }

    /// <summary>Verifies in managed code, with scratch memory that is made once.</summary>
    public void VerifyManaged(IKernels kernels, ReadOnlySpan<float> logits, int columnCount)
    {
        _managed = _managed is { } known && known.ColumnCount == columnCount ? known : new ManagedTreeVerification(kernels, columnCount);
        _managed.Verify(logits, this);
    }

    /// <summary>Forgets all requests.</summary>
    public void Clear()
    {
        Array.Clear(_trees, 0, Count);
        Array.Clear(_samplings, 0, Count);
        Count = _nodeCount = 0;
    }

    private void DrawChance(int request, int nodeCount, ulong seed, long round)
    {
        for (var node = TokenTree.Anchor; node < nodeCount; node++)
        {
            _nextUniforms[State(request, node)] = CounterRandom.Uniform(seed, round, node + 1, DrawPurpose.Next);
            if (node >= 0)
            {
                _acceptUniforms[_requests[request].FirstNode + node] = CounterRandom.Uniform(seed, round, node, DrawPurpose.Accept);
            }
        }
    }
}
