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
    /// How many tokens of a draft that takes no pass are worth their rows. Nothing of it was drawn, so it may be looked at and cut.
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
