using LlamaSpec.Drafting;
namespace LlamaSpec.Policies.Auto;

/// <summary>
/// Trees as one request sees them: whether rows are cheap enough for tokens beside the main path, what those are worth, and what
/// a round with them says of the main path. At temperature 0 only: above it a branch costs block verification of the whole draft,
/// which is worth more than a leaf.
/// </summary>
/// <param name="learned">What the pair has taught.</param>
/// <param name="isGreedy">Whether the request is at temperature 0.</param>
/// <param name="maximumDraftLength">Longest draft of the engine.</param>
internal sealed class RequestTree(SiblingAcceptance learned, bool isGreedy, int maximumDraftLength)
{
    // The fifth likeliest token is taken once in some thirty times.
    private const int Widest = 4;

    // Beside the likeliest token no other has more, and steps of the staircase are a few rows wide.
    private const double LargestProbability = 0.5;
    private const int RowsAhead = 8;

    private readonly double[] _labels = new double[maximumDraftLength];

    /// <summary>Most children of a node in this round; 1 where no row can pay.</summary>
    public int Width { get; private set; } = 1;

    /// <summary>Starts a round that drafts.</summary>
    public void Begin(in DraftPrice price)
    {
        Width = 1;
        if (isGreedy)
        {
            Span<double> hopes = stackalloc double[RowsAhead];
            hopes.Fill(learned.Of(LargestProbability));
            Width = price.NodesWorth(hopes, out _, out _) > 0 ? Widest : 1;
        }
    }

    /// <summary>Learns from a round, and returns what it says of the main path alone, as if nothing had been beside it.</summary>
    public RoundOutcome Learn(in RoundOutcome outcome)
    {
        if (outcome.Tree is not { } tree)
        {
            return outcome;
        }

        learned.Learn(tree, outcome.LastNode);
        var (length, accepted, tested) = (0, 0, 0);
        for (var node = tree.FirstChild(TokenTree.Anchor); node >= 0; node = tree.FirstChild(node), length++)
        {
            if (tested == length)
            {
                var isAccepted = IsOnPathTo(tree, outcome.LastNode, node);
                accepted += isAccepted ? 1 : 0;
                _labels[length] = isAccepted ? 1 : 0;

                // What lies behind a rejection was not tested.
                tested += isAccepted ? 1 : 0;
            }
        }

        tested += accepted < length ? 1 : 0;
        return outcome with { Tree = null, DraftedCount = length, DraftedDepth = length, AcceptedCount = accepted, AcceptanceProbabilities = _labels.AsMemory(0, tested) };
    }

    public double StepProbability(double draftProbability) => learned.Of(draftProbability);

    private static bool IsOnPathTo(TokenTree tree, int last, int node)
    {
        while (last > node)
        {
            last = tree.Parents[last];
        }

        return last == node;
    }
}
