using LlamaSpec.Policies.Costs;

namespace LlamaSpec.Policies.Auto;

/// <summary>
/// A step against plain decoding of the same requests. Its time is that of all of them: who drafts makes the others wait, so only
/// all tokens together tell whether that was worth it.
/// </summary>
/// <param name="PlainMilliseconds">What plain decoding would have taken for the step's tokens.</param>
/// <param name="Milliseconds">What the step took, as far as it counts.</param>
/// <param name="LossPerDraft">Rounds of plain decoding that were lost, for each request that drafted.</param>
internal readonly record struct StepVerdict(double PlainMilliseconds, double Milliseconds, double LossPerDraft)
{
    // Steps beyond this many times their expected time count as that: one that the machine held up says nothing about its drafts.
    private const double LongestSurprise = 2;

    /// <summary>Judges the step of a round.</summary>
    /// <param name="outcome">The round.</param>
    /// <param name="costs">What decodes cost, this step learned from.</param>
    /// <param name="expectedMilliseconds">What a request alone expected of its round.</param>
    public static StepVerdict Of(in RoundOutcome outcome, CostModel costs, double expectedMilliseconds)
    {
        var (requests, work) = (Math.Max(1, outcome.ConcurrentRequests), CostModel.WorkOf(outcome));
        var plain = costs.PlainMilliseconds(requests, outcome.Position);
        var expected = requests == 1 ? expectedMilliseconds : costs.StepMilliseconds(outcome);
        var milliseconds = Math.Min(outcome.StepMilliseconds, LongestSurprise * expected);
        var tokens = (double)work.Tokens / requests;
        return new StepVerdict(tokens * plain, milliseconds, ((milliseconds / plain) - tokens) * requests / Math.Max(1, work.DraftingRequests));
    }
}
