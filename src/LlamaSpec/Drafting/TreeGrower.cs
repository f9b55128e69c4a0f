using LlamaSpec.Models;
using LlamaSpec.Sampling;

namespace LlamaSpec.Drafting;

/// <summary>
/// Grows trees over a draft model, by value: a node's is the product of the step probabilities along its path. Each pass goes on
/// from the main path, and from as many further nodes as there are paths for; what the passes show beside it become leaves.
/// <para>
/// At temperature 0 all nodes are certain: the rows go to the most valuable of all when the draft ends. Above it a node's most
/// likely tokens are certain children where they pay, and one more child is drawn from what they leave of the distribution (the
/// hybrid node, algorithm notes, section 2.4). What a node's children are is decided before any of them is drawn, and no node is
/// ever taken back.
/// </para>
/// </summary>
internal sealed class TreeGrower(IModelRunner runner, TokenMap? map, IKernels kernels, Sampler sampler, DraftCells cells, int pathCount)
{
    /// <summary>Most children of a node: beyond, a token of a draft is hardly ever taken.</summary>
    public const int Widest = 8;

    // Section 2.4: a child that stands for less is not drawn, because rounding would be its distribution.
    private const double LeastMass = 1e-4;

    private readonly int[] _tokens = new int[Widest];
    private readonly float[] _probabilities = new float[Widest];

    /// <summary>Adds what a pass has shown. False when the main path has ended.</summary>
    public bool Extend(DraftJob job, TreeGrowth growth) => job.Sampling.IsGreedy ? ExtendCertain(job, growth) : ExtendSampled(job, growth);

    /// <summary>After the main path's row, adds those of further nodes that the pass goes on from.</summary>
    /// <param name="job">The job.</param>
    /// <param name="growth">Its tree.</param>
    /// <param name="batch">The batch of the pass.</param>
    /// <param name="mostRows">Rows that the batch may come to; the others are for the main paths of other jobs.</param>
    public void Branch(DraftJob job, TreeGrowth growth, TokenBatch batch, int mostRows)
    {
        var waiting = growth.Waiting;
        for (var i = 0; i < waiting.Count && growth.LayerCount < Math.Min(pathCount, growth.Width) && batch.Count < mostRows;)
        {
            var candidate = waiting[i];
            var isAdded = candidate.Token < 0;
            var parent = isAdded ? job.Tree.Parents[candidate.Parent] : candidate.Parent;
            var depth = parent < 0 ? 0 : job.Tree.Depths[parent] + 1;
            if (depth + 1 >= job.Limits.Length || (!isAdded && !HasRoom(job, parent, reserved: 1)) || !cells.HasPathFor(job, growth, parent))
            {
                i++;
                continue;
            }

            if (!job.WantsBranch(candidate.Value))
            {
                return;
            }

            waiting.RemoveAt(i);
            cells.TryFeedBranch(batch, job, growth, isAdded ? candidate.Parent : Add(job, growth, candidate, isSampled: false));
        }
    }

    /// <summary>The draft has ended: gives the rows that pay to the most valuable nodes that are waiting.</summary>
    public static void Finish(DraftJob job, TreeGrowth growth)
    {
        if (!job.Sampling.IsGreedy)
        {
            return;
        }

        var waiting = growth.Waiting;
        var wanted = NodesWorth(job, waiting, job.Limits.Nodes - job.Tree.Count);
        for (var i = 0; i < wanted; i++)
        {
            if (HasRoom(job, waiting[i].Parent))
            {
                Add(job, growth, waiting[i], isSampled: false);
            }
        }
    }

    // Temperature 0: the main path takes the most likely token, all others wait.
    private bool ExtendCertain(DraftJob job, TreeGrowth growth)
    {
        for (var i = 0; i < growth.LayerCount; i++)
        {
            var node = growth.LayerNode(i);
            var count = sampler.Likeliest(
                runner.LogitsRow(growth.LayerRow(i)), map, job.Prefix(node), job.Sampling, _tokens.AsSpan(0, growth.Width), _probabilities, out var statistics);
            if (i == 0 && (count == 0 || !job.WantsToken(statistics)))
            {
                return false;
            }

            for (var rank = 0; rank < count; rank++)
            {
                var probability = i == 0 && rank == 0 ? Math.Exp(statistics.Maximum - statistics.LogSumExp) : _probabilities[rank];
                var candidate = new NodeCandidate(node, _tokens[rank], probability, growth.Value(node) * job.StepProbability(probability, isSampled: false));
                if (i == 0 && rank == 0)
                {
                    growth.MainNode = Add(job, growth, candidate, isSampled: false);
                    job.GoOn(probability, statistics.Entropy);
                }
                else
                {
                    growth.Waiting.Add(candidate);
                }
            }
        }

        return true;
    }

    private bool ExtendSampled(DraftJob job, TreeGrowth growth)
    {
        var main = growth.LayerNode(0);
        growth.Options.Clear();
        for (var i = 0; i < growth.LayerCount; i++)
        {
            if (!TryListOptions(job, growth, i, out var entropy) && i == 0)
            {
                return false;
            }

            growth.MainEntropy = i == 0 ? entropy : growth.MainEntropy;
        }

        growth.BeginChildren();
        var options = growth.Options;
        var room = job.Limits.Nodes - job.Tree.Count;
        var wanted = NodesWorth(job, options, Math.Min(room, PathRoom(job)));
        for (var i = 0; i < wanted; i++)
        {
            if (options[i].Token < 0)
            {
                growth.WantDraw(options[i]);
            }
            else
            {
                job.Tree.Proposal(options[i].Parent).Remove(options[i].Token);
                Added(job, growth, Add(job, growth, options[i], isSampled: false), main);
            }
        }

        if (job.Tree.FirstChild(main) < 0 && !growth.WantsDraw(main) && wanted < room)
        {
            // The policy wants a token, and none of its own: drawn from the whole distribution, as in a chain.
            growth.WantDraw(new NodeCandidate(main, -1, 1, growth.Value(main) * job.StepProbability(1, isSampled: true)));
        }

        for (var i = 0; i < growth.LayerCount; i++)
        {
            if (growth.WantsDraw(growth.LayerNode(i)))
            {
                Draw(job, growth, growth.LayerNode(i), main);
            }
        }

        return TryGoOn(job, growth, main);
    }

    // Shapes the distribution after a node of the layer and lists what its children might be.
    private bool TryListOptions(DraftJob job, TreeGrowth growth, int index, out double entropy)
    {
        var node = growth.LayerNode(index);
        var distribution = job.Tree.Proposal(node);
        var isValid = sampler.TryShape(
            runner.LogitsRow(growth.LayerRow(index)), map, job.Prefix(node), job.Sampling, distribution, _tokens.AsSpan(0, growth.Width - 1), out var count, out var statistics);
        entropy = statistics.Entropy;
        if (!isValid || (index == 0 && !job.WantsToken(statistics)))
        {
            return false;
        }

        var mass = 1.0;
        for (var rank = 0; rank < count; rank++)
        {
            var probability = distribution[_tokens[rank]];
            mass -= probability;
            growth.Options.Add(new NodeCandidate(node, _tokens[rank], probability, growth.Value(node) * job.StepProbability(probability, isSampled: false)));
        }

        if (mass >= LeastMass)
        {
            growth.Options.Add(new NodeCandidate(node, -1, mass, growth.Value(node) * job.StepProbability(mass, isSampled: true)));
        }

        return true;
    }

    // Draws a child from what the certain children of its parent leave.
    private void Draw(DraftJob job, TreeGrowth growth, int parent, int main)
    {
        var distribution = job.Tree.Proposal(parent);
        if (job.Tree.FirstChild(parent) >= 0 && !distribution.TryNormalise(LeastMass / 2))
        {
            return;
        }

        var token = distribution.Sample(kernels, CounterRandom.Uniform(job.Seed, job.Round, job.Tree.Count, DrawPurpose.Draft));
        if (token >= 0)
        {
            var drawn = new NodeCandidate(parent, token, distribution[token], growth.DrawValue(parent));
            Added(job, growth, Add(job, growth, drawn, isSampled: true), main);
        }
    }

    // The main path goes on from the most valuable child of its last node; the other new nodes wait.
    private static bool TryGoOn(DraftJob job, TreeGrowth growth, int main)
    {
        if (growth.MainNode == main)
        {
            return false;
        }

        job.GoOn(job.Tree.Probabilities[growth.MainNode], growth.MainEntropy);
        return true;
    }

    private static void Added(DraftJob job, TreeGrowth growth, int node, int main)
    {
        var isBest = job.Tree.Parents[node] == main && (growth.MainNode == main || growth.Value(node) > growth.Value(growth.MainNode));
        var waiting = isBest ? growth.MainNode : node;
        growth.MainNode = isBest ? node : growth.MainNode;
        if (waiting != main)
        {
            growth.Waiting.Add(new NodeCandidate(waiting, -1, job.Tree.Probabilities[waiting], growth.Value(waiting)));
        }
    }

    private static int Add(DraftJob job, TreeGrowth growth, in NodeCandidate candidate, bool isSampled)
    {
        var node = job.AddNode(candidate.Parent, candidate.Token, candidate.Probability, isSampled);
        growth.Added(node, candidate.Value);
        return node;
    }

    private static bool HasRoom(DraftJob job, int parent, int reserved = 0) =>
        job.Tree.Count + reserved < job.Limits.Nodes
        && ((parent >= 0 && job.Tree.FirstChild(parent) < 0) || job.Tree.LeafCount < job.Limits.Paths);

    private static int NodesWorth(DraftJob job, NodeCandidates candidates, int room)
    {
        var count = Math.Clamp(room, 0, candidates.Count);
        return count == 0 ? 0 : job.NodesWorth(candidates.Values[..count], out _);
    }

    // A first child continues its parent's path, the others start paths of their own. Counted as if there were but one first child:
    // what chance will draw is not known to come.
    private static int PathRoom(DraftJob job) => job.Limits.Paths - job.Tree.LeafCount + (job.Tree.Count > 0 ? 1 : 0);
}
