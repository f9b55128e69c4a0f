using System.Diagnostics;
using LlamaSpec.Sampling;

namespace LlamaSpec.Drafting.ModelFree;

/// <summary>
/// A tree search over pairs of tokens (ADED, arXiv 2407.12021): each iteration goes down to a place that was visited least for
/// its weight, guesses the rest of the path by weight, and remembers how heavy it was. The most visited prefixes are the draft.
/// Arrays are sized at the start. One thread at a time.
/// </summary>
internal sealed class TrigramSearch
{
    private const int IterationsBetweenClocks = 8;

    private readonly TrigramSearchOptions _options;
    private readonly TrigramCandidates _candidates;
    private readonly TimeProvider _time;
    private readonly TrigramSearchNode[] _nodes;
    private int _count;
    private int _first;

    public TrigramSearch(TrigramCandidates candidates, TrigramSearchOptions options, TimeProvider time)
    {
        _candidates = candidates;
        _options = options;
        _time = time;

        // The root and, for each iteration, the children of one node.
        _nodes = new TrigramSearchNode[1 + ((options.Iterations + 1) * TrigramTable.MostContinuations)];
    }

    /// <summary>Node 0 stands for the text; a parent comes before its children.</summary>
    public Span<TrigramSearchNode> Nodes => _nodes.AsSpan(0, _count);

    /// <summary>Searches what may follow two tokens.</summary>
    /// <param name="first">The last token of the text but one.</param>
    /// <param name="second">The last token of the text.</param>
    /// <param name="depth">Tokens to look ahead, at least 1.</param>
    /// <param name="seed">Seed of the guesses.</param>
    /// <param name="round">Number of the search.</param>
    public void Run(int first, int second, int depth, ulong seed, long round)
    {
        Debug.Assert(depth >= 1, "A search looks ahead.");
        _first = first;
        _nodes[0] = new TrigramSearchNode { Token = second, Parent = -1, FirstChild = -1, TreeNode = TrigramNodes.NotAdded };
        _count = 1;
        Expand(0);
        var start = _time.GetTimestamp();
        for (var iteration = 0; iteration < _options.Iterations && _nodes[0].ChildCount > 0; iteration++)
        {
            if (iteration % IterationsBetweenClocks == 0 && _options.TimeBudget is { } budget && _time.GetElapsedTime(start) >= budget)
            {
                return;
            }

            var node = Select(depth);
            Remember(node, 1 + PathWeight(node) + Guess(node, depth, seed, round, iteration * depth));
        }
    }

    /// <summary>Fills the candidates with what may follow a node.</summary>
    public void FillAfter(int node)
    {
        var before = _nodes[node].Parent < 0 ? _first : _nodes[_nodes[node].Parent].Token;
        _candidates.Fill(before, _nodes[node].Token);
    }

    // A node gets children when it is visited for the second time: most are never.
    private int Select(int depth)
    {
        var node = 0;
        while (_nodes[node].Depth < depth)
        {
            if (_nodes[node].FirstChild < 0)
            {
                if (_nodes[node].Visits == 0)
                {
                    return node;
                }

                Expand(node);
            }

            if (_nodes[node].ChildCount == 0)
            {
                return node;
            }

            node = BestChild(node);
        }

        return node;
    }

    private int BestChild(int parent)
    {
        ref readonly var above = ref _nodes[parent];
        var exploration = (_options.ExplorationBase + Math.Log((above.Visits + _options.ExplorationGrowth + 1) / _options.ExplorationGrowth)) * Math.Sqrt(above.Visits);
        var (best, bestScore) = (above.FirstChild, double.NegativeInfinity);
        for (var child = above.FirstChild; child < above.FirstChild + above.ChildCount; child++)
        {
            ref readonly var node = ref _nodes[child];
            if (node.Visits == 0)
            {
                // Unvisited ones first, and of these the heaviest.
                return child;
            }

            var score = (node.Reward / node.Visits) + (exploration * node.Prior / (1 + node.Visits));
            if (score > bestScore)
            {
                (best, bestScore) = (child, score);
            }
        }

        return best;
    }

    private void Expand(int parent)
    {
        FillAfter(parent);
        ref var above = ref _nodes[parent];
        (above.FirstChild, above.ChildCount) = (_count, _candidates.Count);
        for (var i = 0; i < _candidates.Count; i++)
        {
            _nodes[_count++] = new TrigramSearchNode
            {
                Token = _candidates.Tokens[i],
                Parent = parent,
                Depth = above.Depth + 1,
                FirstChild = -1,
                TreeNode = TrigramNodes.NotAdded,
                Weight = _candidates.Weights[i],
                Prior = _candidates.Weights[i] / _candidates.Sum,
                Confidence = _candidates.ConfidenceOf(i),
            };
        }
    }

    private float PathWeight(int node)
    {
        var weight = 0f;
        for (; node > 0; node = _nodes[node].Parent)
        {
            weight += _nodes[node].Weight;
        }

        return weight;
    }

    // The weight of a path from a node to the full depth, drawn token by token.
    private double Guess(int node, int depth, ulong seed, long round, int draw)
    {
        var weight = 0.0;
        var (first, second) = (_nodes[node].Parent < 0 ? _first : _nodes[_nodes[node].Parent].Token, _nodes[node].Token);
        for (var reached = _nodes[node].Depth; reached < depth; reached++)
        {
            _candidates.Fill(first, second);
            if (_candidates.Count == 0)
            {
                break;
            }

            var index = _candidates.Draw(CounterRandom.Uniform(seed, round, draw++, DrawPurpose.Draft));
            weight += _candidates.Weights[index];
            (first, second) = (second, _candidates.Tokens[index]);
        }

        return weight;
    }

    private void Remember(int node, double reward)
    {
        for (; node >= 0; node = _nodes[node].Parent)
        {
            _nodes[node].Visits++;
            _nodes[node].Reward += reward;
        }
    }
}
