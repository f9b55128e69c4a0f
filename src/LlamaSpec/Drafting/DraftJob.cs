using System.Diagnostics.CodeAnalysis;
using LlamaSpec.Models;
using LlamaSpec.Policies;
using LlamaSpec.Sampling;
using LlamaSpec.Scheduling;

namespace LlamaSpec.Drafting;

/// <summary>One request's share in a step of drafting: what to continue, how, and where to put the tokens.</summary>
/// <param name="slot">The slot of the request, from 0.</param>
/// <param name="chain">Receives the distributions.</param>
public sealed class DraftJob(int slot, DraftChain chain)
{
    private Exception? _policyError;

    /// <summary>The slot of the request, from 0: a drafter keeps its state by it.</summary>
    public int Slot { get; } = slot;

    /// <summary>The slot as a sequence of a KV cache.</summary>
    public SequenceId Sequence => new(Slot);

    /// <summary>Receives the distributions that the tokens were drawn from, unless the request is greedy.</summary>
    public DraftChain Chain { get; } = chain;

    /// <summary>The tokens to continue; drafted tokens are added to it.</summary>
    public TokenSequence Tokens { get; private set; } = null!;

    /// <summary>How tokens are chosen.</summary>
    public SamplingOptions Sampling { get; private set; } = null!;

    /// <summary>Decides when the draft ends.</summary>
    public IDraftLengthPolicy Policy { get; private set; } = null!;

    /// <summary>Seed of the request.</summary>
    public ulong Seed { get; private set; }

    /// <summary>Round of the request.</summary>
    public long Round { get; private set; }

    /// <summary>The draft as it stands, for the policy.</summary>
    public DraftProgress Progress { get; private set; }

    /// <summary>Row of the draft batch that holds this job's next distribution, for the drafter's use; -1 = the draft has ended.</summary>
    public int Row { get; set; } = -1;

    /// <summary>What the policy threw since this was last asked, if it did. It ends this request and no other.</summary>
    public Exception? TakePolicyError()
    {
        var error = _policyError;
        _policyError = null;
        return error;
    }

    /// <summary>Starts a round.</summary>
    public void Prepare(
        TokenSequence tokens, SamplingOptions sampling, IDraftLengthPolicy policy, ulong seed, long round, int maximumLength, int concurrentRequests)
    {
        Tokens = tokens;
        Sampling = sampling;
        Policy = policy;
        Seed = seed;
        Round = round;
        Row = -1;
        Progress = new DraftProgress
        {
            DraftedCount = 0,
            MaximumLength = maximumLength,
            ConcurrentRequests = concurrentRequests,
            LastProbability = 1,
        };
    }

    /// <summary>Whether another token may be drafted and the policy pays for the pass.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "A policy may be anybody's; what it throws is kept for its request.")]
    public bool WantsPass()
    {
        try
        {
            return Progress.DraftedCount < Progress.MaximumLength && Policy.BeforePass(Progress);
        }
        catch (Exception error)
        {
            _policyError = error;
            return false;
        }
    }

    /// <summary>Whether the policy includes a token of the distribution that a pass gave. Asked before the draw.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "A policy may be anybody's; what it throws is kept for its request.")]
    public bool WantsToken(in RowStatistics statistics)
    {
        try
        {
            return Policy.BeforeSampling(Progress, statistics);
        }
        catch (Exception error)
        {
            _policyError = error;
            return false;
        }
    }

    /// <summary>Adds a token to the draft.</summary>
    /// <param name="token">Target id.</param>
    /// <param name="probability">Its draft probability.</param>
    /// <param name="entropy">Entropy of the distribution it was drawn from.</param>
    public void Add(int token, double probability, double entropy)
    {
        Tokens.AddDrafted(token);
        Progress = Progress with
        {
            DraftedCount = Progress.DraftedCount + 1,
            LastProbability = probability,
            LastEntropy = entropy,
            LogProbability = Progress.LogProbability + Math.Log(probability),
        };
    }
}
