using LlamaSpec.Sampling;

namespace LlamaSpec.Policies;

/// <summary>
/// Decides how much drafting is worth paying for: the fourth seam. One instance per request, used by the engine thread.
/// <para>
/// Losslessness rests on the order of the hooks: the decision about a token may use everything known before that token
/// is drawn, and nothing of the token itself. So no hook ever sees a token, and both are called before the draw.
/// </para>
/// </summary>
public interface IDraftLengthPolicy
{
    /// <summary>What <see cref="Observe"/> wants to be told. Asked before each step. Default: nothing more than counts and times.</summary>
    PolicyNeeds Needs => PolicyNeeds.None;

    /// <summary>What was expected of the round that was decided last, for those who ask why. Default: nothing.</summary>
    RoundExplanation Explanation => new(null);

    /// <summary>Why this policy has not been drafting, or null when it has. Asked at the end of a request.</summary>
    string? DisabledReason => null;

    /// <summary>Whether to pay for a draft pass. The first call of a round decides whether there is a draft at all.</summary>
    bool BeforePass(in DraftProgress progress);

    /// <summary>Whether to draw a token from the distribution that the pass gave. False ends the draft without it.</summary>
    /// <param name="progress">The draft so far.</param>
    /// <param name="distribution">Statistics of the whole next distribution, at the request's temperature (1 at temperature 0).</param>
    bool BeforeSampling(in DraftProgress progress, in RowStatistics distribution);

    /// <summary>
    /// Most children of a node in the round whose first pass was just granted, at least 1. Asked once a round, before anything of
    /// it is drawn. Default 1: a chain, about which none of the hooks below is asked.
    /// </summary>
    int TreeWidth => 1;

    /// <summary>
    /// How likely the target takes a child of a node, should verification get to the node: a node's value is the product of these
    /// along its path. Must not fall as the probability rises. Default: the draft is believed.
    /// </summary>
    /// <param name="draftProbability">Draft probability of a certain child; of a child that is still to be drawn, that of all tokens it is drawn from.</param>
    /// <param name="isSampled">Whether chance chooses the child.</param>
    double StepProbability(double draftProbability, bool isSampled) => draftProbability;

    /// <summary>
    /// Whether a pass that was granted should go on from a further node too. Asked in descending order of value, and only where the
    /// draft's KV cache has room for a further path. Default: yes.
    /// </summary>
    /// <param name="progress">The draft so far.</param>
    /// <param name="value">Value of the node.</param>
    bool BeforeBranch(in DraftProgress progress, double value) => true;

    /// <summary>
    /// How many tokens are worth their rows, of those of a draft that takes no pass, or of a tree's nodes that might be added. Asked
    /// before anything of them is drawn: in a tree above temperature 0 for each pass, before its draws; at temperature 0, where
    /// nothing is drawn, once, when the draft has ended, about all that its passes have shown beside the main path.
    /// Default: as many as <see cref="BeforePass"/> would have paid for.
    /// </summary>
    /// <param name="progress">The draft so far.</param>
    /// <param name="survival">The probability of each token that its path is accepted, descending.</param>
    /// <param name="value">What they are worth beyond their rows, in tokens.</param>
    int NodesWorth(in DraftProgress progress, ReadOnlySpan<double> survival, out double value)
    {
        var count = 0;
        value = 0;
        while (count < survival.Length && BeforePass(progress with { DraftedCount = progress.DraftedCount + count }))
        {
            value += survival[count++];
        }

        return count;
    }

    /// <summary>What drafting by passes is expected to be worth in this round beyond its time, in tokens. Default: NaN, not known.</summary>
    double PassWorth(in DraftProgress progress) => double.NaN;

    /// <summary>Tokens that a millisecond could give otherwise. Default: 0, not known.</summary>
    double ValueOfTime => 0;

    /// <summary>Learns from a finished round. Called for rounds without a draft too.</summary>
    void Observe(in RoundOutcome outcome);
}
