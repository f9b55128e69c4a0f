using LlamaSpec.Drafting;
using LlamaSpec.Sampling;

namespace LlamaSpec.Tests.Fakes;

/// <summary>
/// Drafts hybrid nodes two layers deep: the likeliest token as a certain child, and one drawn from the rest; below the certain
/// child another such pair.
/// </summary>
internal sealed class HybridDrafter(MarkovModelRunner model, int vocabularySize) : IDrafter
{
    private readonly ManagedKernels _kernels = new();
    private readonly Sampler _sampler = new(new ManagedKernels(), vocabularySize);
    private readonly TokenDistribution _draft = new(vocabularySize);

    public void Begin(int slot, int sharedPrefixLength)
    {
    }

    public void Draft(ReadOnlySpan<DraftJob> jobs)
    {
        foreach (var job in jobs)
        {
            if (job.Limits.Paths > 1 && job.Limits.Length > 1)
            {
                Expand(job, Expand(job, TokenTree.Anchor));
            }
        }
    }

    public void Observe(int slot, int validCount)
    {
    }

    public void Dispose() => model.Dispose();

    private int Expand(DraftJob job, int node)
    {
        var prefix = job.Prefix(node);
        _sampler.TryShape(model.LogitsAfter(prefix), null, prefix, job.Sampling, _draft, out var statistics);
        var proposal = job.Tree.Proposal(node);
        proposal.Clear();
        var best = statistics.ArgMax;
        for (var token = 0; token < vocabularySize; token++)
        {
            if (token != best && _draft[token] > 0)
            {
                proposal.Add(token, _draft[token] / (1 - _draft[best]));
            }
        }

        var certain = job.Tree.Add(node, best, _draft[best], isSampled: false);
        var drawn = proposal.Sample(_kernels, CounterRandom.Uniform(job.Seed, job.Round, node + 1, DrawPurpose.Draft));
        if (drawn >= 0)
        {
            job.Tree.Add(node, drawn, proposal[drawn], isSampled: true);
        }

        return certain;
    }
}
