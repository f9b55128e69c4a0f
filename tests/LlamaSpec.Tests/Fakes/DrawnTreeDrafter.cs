using LlamaSpec.Drafting;
using LlamaSpec.Sampling;

namespace LlamaSpec.Tests.Fakes;

/// <summary>Draws two children of the anchor token, and two of each of them, without replacement.</summary>
internal sealed class DrawnTreeDrafter(MarkovModelRunner model, int vocabularySize) : IDrafter
{
    private readonly ManagedKernels _kernels = new();
    private readonly Sampler _sampler = new(new ManagedKernels(), vocabularySize);
    private readonly TokenDistribution _rest = new(vocabularySize);

    public void Begin(int slot, int sharedPrefixLength)
    {
    }

    public void Draft(ReadOnlySpan<DraftJob> jobs)
    {
        foreach (var job in jobs)
        {
            if (job.Limits.Paths >= 4 && job.Limits.Length > 1 && !job.Sampling.IsGreedy)
            {
                job.Tree.IsDrawn = true;
                Expand(job, TokenTree.Anchor);
                var first = job.Tree.Count;
                for (var node = 0; node < first; node++)
                {
                    Expand(job, node);
                }
            }
        }
    }

    public void Observe(int slot, int validCount)
    {
    }

    public void Dispose() => model.Dispose();

    private void Expand(DraftJob job, int node)
    {
        var prefix = job.Prefix(node);
        var proposal = job.Tree.Proposal(node);
        _sampler.TryShape(model.LogitsAfter(prefix), null, prefix, job.Sampling, proposal, out _);
        proposal.Weights.CopyTo(_rest.OverwriteAll());
        for (var child = 0; child < 2; child++)
        {
            var uniform = CounterRandom.Uniform(job.Seed, job.Round, (2 * (node + 1)) + child, DrawPurpose.Draft);
            var token = _rest.Sample(_kernels, uniform);
            if (token >= 0)
            {
                job.Tree.Add(node, token, proposal[token], isSampled: true);
                _rest.Remove(token);
            }
        }
    }
}
