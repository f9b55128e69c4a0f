using LlamaSpec.Policies;
using LlamaSpec.Sampling;

namespace LlamaSpec.Tests.Drafting;

/// <summary>Notes what it is asked, and refuses one draw.</summary>
internal sealed class ScriptedPolicy(int stopBeforeDraw) : IDraftLengthPolicy
{
    public List<DraftProgress> Passes { get; } = [];

    public List<DraftProgress> Draws { get; } = [];

    public List<double> Entropies { get; } = [];

    public bool BeforePass(in DraftProgress progress)
    {
        Passes.Add(progress);
        return true;
    }

    public bool BeforeSampling(in DraftProgress progress, in RowStatistics candidate)
    {
        Draws.Add(progress);
        Entropies.Add(candidate.Entropy);
        return progress.DraftedCount != stopBeforeDraw;
    }

    public void Observe(in RoundOutcome outcome)
    {
    }
}
