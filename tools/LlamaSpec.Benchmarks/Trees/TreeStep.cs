using LlamaSpec.Drafting;
using LlamaSpec.Sampling;
using LlamaSpec.Verification;

namespace LlamaSpec.Benchmarks.Trees;

/// <summary>
/// Trees and logits of one step. A tree has a trunk, whose tokens the target follows with a probability of about 0.7 each,
/// and two siblings beside each of its nodes.
/// </summary>
internal sealed class TreeStep
{
    private const int TrunkToken = 5;
    private readonly Random _random = new(5);
    private readonly VerifyTreesOptions _options;
    private readonly bool _isHybrid;
    private readonly List<TokenTree> _trees = [];
    private readonly float[] _draft;

    public TreeStep(VerifyTreesOptions options, SamplingOptions sampling, bool isHybrid)
    {
        _options = options;
        _isHybrid = isHybrid;
        _draft = DraftProbabilities();
        Logits = new float[options.Requests * (options.Nodes + 1) * options.VocabularySize];
        for (var i = 0; i < Logits.Length; i++)
        {
            Logits[i] = Normal();
        }

        Batch = new TreeBatch(options.Requests, options.Requests * options.Nodes);
        for (var request = 0; request < options.Requests; request++)
        {
            var firstRow = request * (options.Nodes + 1);
            var tree = Grow(firstRow);
            _trees.Add(tree);
            Batch.Add(tree, sampling, seed: 1, round: request, firstRow);
        }
    }

    public float[] Logits { get; }

    public TreeBatch Batch { get; }

    /// <summary>Rows that the last verification came to.</summary>
    public int VisitedRows => Batch.Verdicts.ToArray().Sum(verdict => verdict.AcceptedCount + 1);

    /// <summary>Gives the proposals back what verification took from them.</summary>
    public void Restore()
    {
        foreach (var tree in _trees)
        {
            for (var node = TokenTree.Anchor; _isHybrid && node < tree.Count - 1; node++)
            {
                if (tree.FirstChild(node) >= 0 && tree.Proposal(node)[TrunkToken] == 0)
                {
                    tree.Proposal(node).Add(TrunkToken, _draft[TrunkToken]);
                }
            }
        }
    }

    private TokenTree Grow(int firstRow)
    {
        var tree = new TokenTree(_options.Nodes, _options.VocabularySize);
        if (_isHybrid)
        {
            tree.Reserve();
        }

        for (var trunk = TokenTree.Anchor; tree.Count < _options.Nodes;)
        {
            var row = Logits.AsSpan((firstRow + trunk + 1) * _options.VocabularySize, _options.VocabularySize);
            row[_random.NextDouble() < 0.7 ? TrunkToken : TrunkToken + 1] = 3 + MathF.Log(_options.VocabularySize) + 4.5f;
            var next = tree.Add(trunk, TrunkToken, 0.7f, _isHybrid);
            for (var sibling = 0; sibling < 2 && tree.Count < _options.Nodes; sibling++)
            {
                tree.Add(trunk, TrunkToken + 2 + sibling, 0.1f, isSampled: false);
            }

            if (_isHybrid)
            {
                _draft.CopyTo(tree.Proposal(trunk).OverwriteAll());
            }

            trunk = next;
        }

        return tree;
    }

    // Of logits that the target's resemble, without the siblings' tokens.
    private float[] DraftProbabilities()
    {
        var logits = Enumerable.Range(0, _options.VocabularySize).Select(_ => Normal()).ToArray();
        logits[TrunkToken] = 2 + MathF.Log(_options.VocabularySize) + 4.5f;
        logits[TrunkToken + 2] = logits[TrunkToken + 3] = float.NegativeInfinity;
        var kernels = new ManagedKernels();
        kernels.TryRowStatistics(logits, 1, [], [], out var statistics);
        kernels.Softmax(logits, 1, statistics.LogSumExp, logits);
        return logits;
    }

    // Deviation 3 (Box and Muller).
    private float Normal() =>
        3 * MathF.Sqrt(-2 * MathF.Log(1 - _random.NextSingle())) * MathF.Cos(2 * MathF.PI * _random.NextSingle());
}
