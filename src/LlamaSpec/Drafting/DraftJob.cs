using System.Diagnostics.CodeAnalysis;
using LlamaSpec.Drafting.Selection;
using LlamaSpec.Models;
using LlamaSpec.Policies;
using LlamaSpec.Sampling;
using LlamaSpec.Scheduling;

namespace LlamaSpec.Drafting;

/// <summary>One request's share in a step of drafting: what to continue, how, and where to put the tokens.</summary>
/// <param name="slot">The slot of the request, from 0.</param>
/// <param name="tree">Receives the draft.</param>
public sealed class DraftJob(int slot, TokenTree tree)
{
    private Exception? _policyError;
    private StepLoad _load = new();

    /// <summary>The slot of the request, from 0: a drafter keeps its state by it.</summary>
    public int Slot { get; } = slot;

    /// <summary>The slot as a sequence of a KV cache.</summary>
    public SequenceId Sequence => new(Slot);

    /// <summary>The draft: drafted tokens are added to it, and the distributions that they were drawn from, unless the request is greedy.</summary>
    public TokenTree Tree { get; } = tree;

    /// <summary>How large the draft may be.</summary>
    public DraftLimits Limits { get; private set; }

    /// <summary>The tokens to continue.</summary>
    public TokenSequence Tokens { get; private set; } = null!;

    /// <summary>How tokens are chosen.</summary>
    public SamplingOptions Sampling { get; private set; } = null!;

    /// <summary>Decides when the draft ends.</summary>
    public IDraftLengthPolicy Policy { get; private set; } = null!;

    /// <summary>Who may draft.</summary>
    public DrafterChoice Drafter { get; private set; } = DrafterChoice.Auto;

    /// <summary>Who drafted in this round; null = nobody.</summary>
    public string? DraftedBy { get; set; }

    /// <summary>Seed of the request.</summary>
    public ulong Seed { get; private set; }

    /// <summary>Round of the request.</summary>
    public long Round { get; private set; }

    /// <summary>The draft as it stands, for the policy.</summary>
    public DraftProgress Progress { get; private set; }

    /// <summary>Row of the draft batch that holds this job's next distribution, for the drafter's use; -1 = the draft has ended.</summary>
    public int Row { get; set; } = -1;

    /// <summary>Whether the drafter proposed more than it might, and the rest was cut off.</summary>
    public bool WasCut { get; set; }

    /// <summary>Draft passes that the policy has paid for in this round.</summary>
    public int PassCount { get; private set; }

    /// <summary>Further nodes that the policy has paid for in this round's passes.</summary>
    public int BranchRows { get; private set; }

    /// <summary>Rows that the first pass of this round decodes for this job.</summary>
    public int FirstPassRows { get; private set; }

    /// <summary>What the policy threw since this was last asked, if it did. It ends this request and no other.</summary>
    public Exception? TakePolicyError()
    {
        var error = _policyError;
        _policyError = null;
        return error;
    }

    /// <summary>Passes over a round: nothing is drafted.</summary>
    public void Skip()
    {
        PassCount = BranchRows = 0;
        WasCut = false;
        DraftedBy = null;
        Tree.Clear();
    }

    /// <summary>Takes a draft back as a whole: its drafter has failed.</summary>
    public void Withdraw()
    {
        _load.Rows -= Tree.Count;
        Tree.Clear();
        DraftedBy = null;
    }

    /// <summary>The committed tokens and the path to a node. Valid until the next call.</summary>
    public ReadOnlySpan<int> Prefix(int node) => Tokens.Prefix(Tree, node);

    /// <summary>Starts a round.</summary>
    /// <param name="request">What to continue, and how.</param>
    /// <param name="limits">How large the draft may be.</param>
    /// <param name="remainingTokens">Tokens that the request may still generate.</param>
    /// <param name="load">The rows of the step, shared by its jobs.</param>
    public void Prepare(in DraftRequest request, DraftLimits limits, int remainingTokens, StepLoad load)
    {
        var (tokens, sampling, policy, drafter, seed, round) = request;
        ArgumentNullException.ThrowIfNull(load);
        Tree.Clear();
        Limits = limits;
        Tokens = tokens;
        Sampling = sampling;
        Policy = policy;
        Drafter = drafter;
        DraftedBy = null;
        Seed = seed;
        Round = round;
        Row = -1;
        WasCut = false;
        PassCount = BranchRows = 0;
        FirstPassRows = 1;
        _load = load;
        Progress = new DraftProgress
        {
            DraftedCount = 0,
            MaximumLength = Math.Min(limits.Length, limits.Nodes),
            ConcurrentRequests = load.Requests,
            Position = tokens.CommittedCount,
            RemainingTokens = remainingTokens,
            MissingRows = 1,
            LastProbability = 1,
        };
    }

    /// <summary>Says how many rows the first pass would have to decode for this job.</summary>
    public void LagsBy(int missingRows)
    {
        FirstPassRows = missingRows;
        Progress = Progress with { MissingRows = missingRows };
    }

    /// <summary>Whether another token may be drafted and the policy pays for the pass.</summary>
    public bool WantsPass()
    {
        var wantsPass = Progress.DraftedCount < Progress.MaximumLength && Tree.Count < Limits.Nodes
            && Ask(0, static (job, _) => job.Policy.BeforePass(job.Now), onError: false);
        PassCount += wantsPass ? 1 : 0;
        return wantsPass;
    }

    /// <summary>Whether the policy includes a token of the distribution that a pass gave. Asked before the draw.</summary>
    public bool WantsToken(in RowStatistics statistics) =>
        Ask(statistics, static (job, statistics) => job.Policy.BeforeSampling(job.Now, statistics), onError: false);

    /// <summary>Asks the policy how wide the draft may be; within what the limits allow, the answer holds for the round.</summary>
    /// <param name="widest">Most children that the drafter gives a node.</param>
    /// <returns>Most children of a node; 1 = a chain.</returns>
    public int ChooseWidth(int widest)
    {
        var width = Limits.Paths == 1 ? 1 : Ask(0, static (job, _) => job.Policy.TreeWidth, onError: 1);
        width = Math.Clamp(width, 1, Math.Min(widest, Limits.Paths));
        Tree.MayBranch = width > 1;
        return width;
    }

    /// <summary>What the policy makes of a child, given that verification gets to its parent; in [0, 1].</summary>
    public double StepProbability(double draftProbability, bool isSampled)
    {
        var step = Ask((draftProbability, isSampled), static (job, child) => job.Policy.StepProbability(child.draftProbability, child.isSampled), onError: 0);
        return double.IsNaN(step) ? 0 : Math.Clamp(step, 0, 1);
    }

    /// <summary>Whether the policy pays for a further node in the pass that it has just granted.</summary>
    public bool WantsBranch(double value)
    {
        var wantsBranch = Ask(value, static (job, value) => job.Policy.BeforeBranch(job.Now, value), onError: false);
        BranchRows += wantsBranch ? 1 : 0;
        return wantsBranch;
    }

    /// <summary>Tokens that a millisecond could give otherwise; 0 = the policy does not know.</summary>
    public double ValueOfTime => Policy.ValueOfTime;

    /// <summary>How many tokens of a draft that takes no pass the policy finds worth their rows.</summary>
    /// <param name="survival">The probability of each that its path is accepted, descending.</param>
    /// <param name="value">What they are worth, in tokens.</param>
    public int NodesWorth(ReadOnlySpan<double> survival, out double value)
    {
        var (count, worth) = Ask(survival, static (job, survival) => (job.Policy.NodesWorth(job.Now, survival, out var worth), worth), onError: (0, 0.0));
        value = worth;
        return Math.Clamp(count, 0, survival.Length);
    }

    /// <summary>What the policy expects drafting by passes to be worth, in tokens; NaN = it does not know.</summary>
    public double PassWorth() => Ask(0, static (job, _) => job.Policy.PassWorth(job.Now), onError: 0);

    /// <summary>Takes the best nodes of a proposal below a node.</summary>
    internal void Take(ShadowedDrafter proposer, int count, int parent)
    {
        proposer.Ranking.CopyBest(proposer.Proposal, count, Tree, parent);
        _load.Rows += count;
        DraftedBy = DraftedBy is null ? proposer.Name : $"{DraftedBy}+{proposer.Name}";
        Progress = Progress with { DraftedCount = Tree.Count, NodeCount = Tree.Count };
    }

    /// <summary>Throws when the draft holds what verification cannot judge.</summary>
    /// <param name="vocabularySize">Tokens of the target.</param>
    /// <exception cref="ModelFailureException">A token is not the target's, or lacks the distribution that it was drawn from.</exception>
    public void ThrowIfForeign(int vocabularySize)
    {
        for (var node = 0; node < Tree.Count; node++)
        {
            var token = Tree.Tokens[node];
            if ((uint)token >= (uint)vocabularySize)
            {
                throw new ModelFailureException($"it proposed token {token}, which the target does not have");
            }

            if (Tree.IsDrawn && Tree.IsSampled[node] == 0)
            {
                throw new ModelFailureException("it promised a tree of sampled tokens alone, and proposed another one");
            }

            if (Tree.IsSampled[node] != 0 && !(Tree.Proposal(Tree.Parents[node])[token] > 0))
            {
                throw new ModelFailureException($"it proposed token {token} without the distribution that it was drawn from");
            }
        }
    }

    /// <summary>Lengthens a draft that is a chain.</summary>
    /// <param name="token">Target id.</param>
    /// <param name="probability">Its draft probability.</param>
    /// <param name="entropy">Entropy of the distribution it was drawn from.</param>
    public void Add(int token, double probability, double entropy)
    {
        AddNode(Tree.Count - 1, token, probability, isSampled: !Sampling.IsGreedy);
        GoOn(probability, entropy);
    }

    /// <summary>Adds a node to the draft and returns its number.</summary>
    /// <param name="parent">Its parent.</param>
    /// <param name="token">Target id.</param>
    /// <param name="probability">Its draft probability.</param>
    /// <param name="isSampled">Whether it was drawn from the parent's proposal.</param>
    public int AddNode(int parent, int token, double probability, bool isSampled)
    {
        var node = Tree.Add(parent, token, (float)probability, isSampled);
        _load.Rows++;
        Progress = Progress with { NodeCount = Tree.Count };
        return node;
    }

    /// <summary>Takes the main path on to a node that was added.</summary>
    /// <param name="probability">Its draft probability.</param>
    /// <param name="entropy">Entropy of the distribution after its parent.</param>
    public void GoOn(double probability, double entropy) => Progress = Progress with
    {
        MissingRows = 1,
        DraftedCount = Progress.DraftedCount + 1,
        LastProbability = probability,
        LastEntropy = entropy,
        LogProbability = Progress.LogProbability + Math.Log(probability),
    };

    private DraftProgress Now => Progress with { BatchRows = _load.Rows };

    [SuppressMessage("Design", "CA1031", Justification = "A policy may be anybody's; what it throws is kept for its request.")]
    private TAnswer Ask<TQuestion, TAnswer>(TQuestion question, Func<DraftJob, TQuestion, TAnswer> ask, TAnswer onError)
        where TQuestion : allows ref struct
    {
        try
        {
            return ask(this, question);
        }
        catch (Exception error)
        {
            _policyError ??= error;
            return onError;
        }
    }
}
