using LlamaSpec.Drafting;

namespace LlamaSpec.Policies.Auto;

/// <summary>
/// How likely the target takes a token that a pass has shown, by its draft probability, should verification get to its parent.
/// Starts from the draft's own probabilities; never falls as they rise.
/// </summary>
internal sealed class SiblingAcceptance
{
    // Two tables: beside the likeliest token no other has more than a half, and that is where rows are decided on.
    private const double Border = 0.4;

    private static readonly double[] LikelyEdges = [0.97, 0.93, 0.87, 0.8, 0.7, 0.6, 0.5];
    private static readonly double[] LikelyCentres = [0.985, 0.95, 0.9, 0.835, 0.75, 0.65, 0.55, 0.45];
    private static readonly double[] UnlikelyEdges = [0.3, 0.2, 0.13, 0.08, 0.05, 0.025, 0.01];
    private static readonly double[] UnlikelyCentres = [0.35, 0.25, 0.165, 0.105, 0.065, 0.0375, 0.0175, 0.005];

    private readonly BinnedAcceptance _likely = new();
    private readonly BinnedAcceptance _unlikely = new();

    /// <summary>Probability that a token of a draft probability is taken.</summary>
    public double Of(double probability) => probability > Border
        ? Math.Max(_likely.Estimate(Bin(probability, LikelyEdges), LikelyCentres), _unlikely.Estimate(0, UnlikelyCentres))
        : _unlikely.Estimate(Bin(probability, UnlikelyEdges), UnlikelyCentres);

    /// <summary>Learns from a tree: of each node that verification came to, which child it took.</summary>
    /// <param name="tree">The tree.</param>
    /// <param name="lastNode">The last accepted node; -1 = none.</param>
    public void Learn(TokenTree tree, int lastNode)
    {
        var taken = TokenTree.Anchor;
        for (var node = lastNode; ; node = tree.Parents[node])
        {
            for (var child = tree.FirstChild(node); child >= 0; child = tree.NextSibling(child))
            {
                Add(tree.Probabilities[child], child == taken);
            }

            if (node < 0)
            {
                return;
            }

            taken = node;
        }
    }

    public void Save(BinaryWriter writer)
    {
        _likely.Save(writer);
        _unlikely.Save(writer);
    }

    /// <exception cref="InvalidDataException">A value cannot have been learned.</exception>
    public void Load(BinaryReader reader)
    {
        _likely.Load(reader);
        _unlikely.Load(reader);
    }

    private void Add(double probability, bool isTaken)
    {
        var isLikely = probability > Border;
        (isLikely ? _likely : _unlikely).Add(Bin(probability, isLikely ? LikelyEdges : UnlikelyEdges), isTaken ? 1 : 0);
    }

    private static int Bin(double probability, double[] edges)
    {
        var bin = 0;
        while (bin < edges.Length && probability < edges[bin])
        {
            bin++;
        }

        return bin;
    }
}
