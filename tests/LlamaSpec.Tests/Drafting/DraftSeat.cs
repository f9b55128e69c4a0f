using LlamaSpec.Drafting;
using LlamaSpec.Policies;
using LlamaSpec.Sampling;
using LlamaSpec.Scheduling;

namespace LlamaSpec.Tests.Drafting;

/// <summary>One slot, driven as the engine drives it.</summary>
internal sealed class DraftSeat
{
    public const ulong Seed = 77;

    private readonly ModelDrafter _drafter;

    public DraftSeat(ModelDrafter drafter, int slot, int vocabularySize, params int[] prompt)
    {
        _drafter = drafter;
        Tokens = new TokenSequence(1000);
        Tokens.Reset(prompt);
        Job = new DraftJob(slot, new TokenTree(64, vocabularySize));
        Job.Tree.Reserve();
        drafter.Begin(slot, 0);
    }

    public DraftJob Job { get; }

    public TokenSequence Tokens { get; }

    public int[] Drafted => Job.Tree.Tokens.ToArray();

    public DraftJob Prepare(IDraftLengthPolicy policy, SamplingOptions? sampling = null, long round = 0, int maximumLength = 8, DraftLimits? limits = null)
    {
        Job.Prepare(new DraftRequest(Tokens, sampling ?? SamplingOptions.Greedy, policy, DrafterChoice.Auto, Seed, round), limits ?? DraftLimits.Chain(maximumLength), remainingTokens: int.MaxValue, new StepLoad());
        return Job;
    }

    /// <summary>Drafts for this slot alone.</summary>
    public int[] Draft(int length, SamplingOptions? sampling = null, long round = 0)
    {
        _drafter.Draft([Prepare(new FixedLengthPolicy(length), sampling, round)]);
        return Drafted;
    }

    /// <summary>Drafts step after step until the prompt is caught up; returns the number of steps.</summary>
    public int DraftWhenCaughtUp(int length)
    {
        var steps = 1;
        while (Draft(length).Length == 0)
        {
            Assert.That(++steps, Is.LessThan(100), "Every step brings the prompt further.");
        }

        return steps;
    }

    /// <summary>The target accepts some of the draft and adds a token.</summary>
    public void EndRound(int acceptedCount, int nextToken)
    {
        var accepted = Job.Tree.Tokens[..acceptedCount].ToArray();
        var valid = Tokens.CommittedCount + acceptedCount;
        foreach (var token in accepted)
        {
            Tokens.Commit(token);
        }

        Tokens.Commit(nextToken);
        _drafter.Observe(Job.Slot, valid);
    }

    /// <summary>The target accepts the path to a node and adds a token.</summary>
    public void EndRoundAt(int node, int nextToken)
    {
        var valid = Tokens.CommittedCount;
        foreach (var token in Tokens.Prefix(Job.Tree, node)[valid..].ToArray())
        {
            Tokens.Commit(token);
            valid++;
        }

        Tokens.Commit(nextToken);
        _drafter.Observe(Job.Slot, valid);
    }
}
