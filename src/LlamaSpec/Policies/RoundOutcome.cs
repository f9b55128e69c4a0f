using LlamaSpec.Drafting;

namespace LlamaSpec.Policies;

/// <summary>How a round ended, and what it cost. Times are those of the whole step, which other requests may have shared.</summary>
public readonly record struct RoundOutcome
{
    /// <summary>Tokens drafted.</summary>
    public required int DraftedCount { get; init; }

    /// <summary>Tokens on the longest path of the draft: all of them in a chain.</summary>
    public int DraftedDepth { get; init; }

    /// <summary>Who drafted: the name of a drafter, several joined by +; null = nobody.</summary>
    public string? DraftedBy { get; init; }

    /// <summary>Whether a draft model was asked, or its draft is among what was drafted. Others cost no pass, and teach nothing of the model.</summary>
    public bool UsedModel => PassCount > 0;

    /// <summary>Of the drafted tokens, those accepted.</summary>
    public required int AcceptedCount { get; init; }

    /// <summary>Most tokens that the round could have drafted.</summary>
    public required int MaximumLength { get; init; }

    /// <summary>Draft passes that this round asked for.</summary>
    public int PassCount { get; init; }

    /// <summary>Further nodes that its passes went on from, beside the main path.</summary>
    public int BranchRows { get; init; }

    /// <summary>Rows that the first pass had to decode for this request, as in <see cref="DraftProgress.MissingRows"/>.</summary>
    public int MissingRows { get; init; }

    /// <summary>Committed tokens before the round.</summary>
    public int Position { get; init; }

    /// <summary>Requests that shared the step, this one included.</summary>
    public int ConcurrentRequests { get; init; }

    /// <summary>What all requests did in the step. Default: not known, as in <see cref="StepWork.Like"/>.</summary>
    public StepWork Work { get; init; }

    /// <summary>Rows of the step's target decode, prompt rows included.</summary>
    public int BatchRows { get; init; }

    /// <summary>Prompt rows among them: a step with some says little about the cost of a round.</summary>
    public int PromptRows { get; init; }

    /// <summary>Time in the drafter.</summary>
    public double DraftMilliseconds { get; init; }

    /// <summary>Time in the target's decode.</summary>
    public double VerifyMilliseconds { get; init; }

    /// <summary>Time of the step.</summary>
    public double StepMilliseconds { get; init; }

    /// <summary>Entropy of the target's distribution that the round's last token came from, in nats.</summary>
    public double TargetEntropy { get; init; }

    /// <summary>
    /// Acceptance probability, the sum of min(target, draft), at each drafted position up to the first rejection, which is
    /// included; at temperature 0 it is 1 or 0. Empty unless asked for by <see cref="IDraftLengthPolicy.Needs"/>. Valid during the call.
    /// </summary>
    public ReadOnlyMemory<double> AcceptanceProbabilities { get; init; }

    /// <summary>The last committed token: the anchor token of the next round. -1 = the request ended with the round.</summary>
    public int AnchorToken { get; init; }

    /// <summary>
    /// The target's hidden row that the anchor token came from; empty unless asked for by <see cref="IDraftLengthPolicy.Needs"/>.
    /// Valid during the call.
    /// </summary>
    public ReadOnlyMemory<float> HiddenRow { get; init; }

    /// <summary>The draft, where the drafter might have let it branch; else null. Valid during the call.</summary>
    public TokenTree? Tree { get; init; }

    /// <summary>The last accepted node of <see cref="Tree"/>; -1 = none was accepted.</summary>
    public int LastNode { get; init; }
}
