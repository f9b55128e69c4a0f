using LlamaSpec.Drafting;
using LlamaSpec.Sampling;
using LlamaSpec.Verification;

namespace LlamaSpec.Native.Tests.Kernels;

/// <summary>A batch of random trees with their logits. The same seed gives the same batch.</summary>
internal sealed class RandomTreeBatch
{
    private readonly Random _random;
    private readonly TreeKind _kind;
    private readonly List<float> _logits = [];

    public RandomTreeBatch(TreeKind kind, int vocabularySize, int seed)
    {
        _random = new Random(seed);
        _kind = kind;
        VocabularySize = vocabularySize;
        var requestCount = _random.Next(1, 9);
        Batch = new TreeBatch(requestCount, requestCount * NodeLimit);
        for (var request = 0; request < requestCount; request++)
        {
            var tree = Grow();
            Batch.Add(tree, Sampling(), (ulong)seed, request, _logits.Count / vocabularySize);
            AddRows(tree);
            Trees.Add(tree);
        }

        Logits = [.. _logits];
    }

    public int VocabularySize { get; }

    public float[] Logits { get; }

    public TreeBatch Batch { get; }

    public List<TokenTree> Trees { get; } = [];

    private static int NodeLimit => 12;

    /// <summary>A logit after a node of a request.</summary>
    public ref float Logit(int request, int node, int token) =>
        ref Logits[((Batch.Requests[request].FirstRow + node + 1) * VocabularySize) + token];

    private SamplingOptions Sampling() => _random.Next(5) == 0 ? SamplingOptions.Greedy : new SamplingOptions
    {
        Temperature = _random.Next(2) == 0 ? 1 : (0.1f + (1.5f * _random.NextSingle())),
        TopK = _random.Next(2) == 0 ? 0 : _random.Next(1, (2 * VocabularySize) + 1),
        TopP = _random.Next(2) == 0 ? 1 : (0.1f + (0.9f * _random.NextSingle())),
        MinP = _random.Next(2) == 0 ? 0 : (0.3f * _random.NextSingle()),
    };

    // Low tokens are likely for draft and target, so that trees are often followed for some nodes.
    private void AddRows(TokenTree tree)
    {
        var spread = _random.Next(3) switch { 0 => 1f, 1 => 4f, _ => 0.3f };
        var maskedShare = _random.Next(4) == 0 ? _random.NextSingle() : 0;
        for (var row = 0; row <= tree.Count; row++)
        {
            for (var token = 0; token < VocabularySize; token++)
            {
                var isMasked = token > 0 && _random.NextSingle() < maskedShare;
                _logits.Add(isMasked ? float.NegativeInfinity : (spread * (_random.NextSingle() - 0.5f) * 4) - MathF.Log(token + 1f));
            }
        }
    }

    private TokenTree Grow()
    {
        var tree = new TokenTree(NodeLimit, VocabularySize);
        tree.Reserve();
        for (var parent = TokenTree.Anchor; parent < tree.Count && tree.Count < NodeLimit - 5 && _kind != TreeKind.NoDraft; parent++)
        {
            var (certain, sampled) = ChildCounts();
            AddChildren(tree, parent, certain, sampled);
        }

        return tree;
    }

    private (int Certain, int Sampled) ChildCounts() => _kind switch
    {
        TreeKind.Certain => (_random.Next(4), 0),
        TreeKind.Chain => (0, 1),
        TreeKind.Hybrid => (_random.Next(1, 3), 1),
        TreeKind.WithoutReplacement => (0, _random.Next(1, 4)),
        _ => (_random.Next(3), _random.Next(3)),
    };

    private void AddChildren(TokenTree tree, int parent, int certainCount, int sampledCount)
    {
        var weights = Enumerable.Range(0, VocabularySize).Select(token => _random.NextSingle() / (1 + token)).ToArray();
        for (var i = 0; i < certainCount && i < VocabularySize - 1; i++)
        {
            var largest = Array.IndexOf(weights, weights.Max());
            tree.Add(parent, largest, 0.5f, isSampled: false);
            weights[largest] = 0;
        }

        if (sampledCount == 0)
        {
            return;
        }

        var isTruncated = _random.Next(2) == 0;
        for (var token = 0; token < VocabularySize; token++)
        {
            weights[token] = isTruncated && token > 20 ? 0 : weights[token];
        }

        WriteProposal(tree.Proposal(parent), weights, isDense: !isTruncated);
        for (var i = 0; i < sampledCount && weights.Sum() > 0; i++)
        {
            var drawn = new ManagedKernels().Sample(weights, _random.NextDouble());
            tree.Add(parent, drawn, 0.5f, isSampled: true);
            weights[drawn] = 0;
        }
    }

    private static void WriteProposal(TokenDistribution proposal, float[] weights, bool isDense)
    {
        var total = weights.Sum();
        proposal.Clear();
        if (isDense)
        {
            weights.Select(weight => weight / total).ToArray().CopyTo(proposal.OverwriteAll());
            return;
        }

        for (var token = 0; token < weights.Length; token++)
        {
            if (weights[token] > 0)
            {
                proposal.Add(token, weights[token] / total);
            }
        }
    }
}
