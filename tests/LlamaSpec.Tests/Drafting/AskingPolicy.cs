using LlamaSpec.Policies;
using LlamaSpec.Sampling;

namespace LlamaSpec.Tests.Drafting;

/// <summary>Wants trees, and notes what it is asked about them.</summary>
internal sealed class AskingPolicy : IDraftLengthPolicy
{
    private readonly int _treeWidth = 3;

    public int Passes { get; init; } = 4;

    public int Wanted { get; init; } = 8;

    public bool WantsBranches { get; init; } = true;

    /// <summary>The hook that throws.</summary>
    public string Throws { get; init; } = "";

    public List<double[]> Values { get; } = [];

    public List<DraftProgress> Progress { get; } = [];

    public int TreeWidth
    {
        get => Answer("width", _treeWidth);
        init => _treeWidth = value;
    }

    public bool BeforePass(in DraftProgress progress) => progress.DraftedCount < Passes;

    public bool BeforeSampling(in DraftProgress progress, in RowStatistics distribution) => true;

    public double StepProbability(double draftProbability, bool isSampled) => Answer("step", draftProbability);

    public int NodesWorth(in DraftProgress progress, ReadOnlySpan<double> survival, out double value)
    {
        value = 0;
        Values.Add(survival.ToArray());
        Progress.Add(progress);
        return Answer("nodes", Wanted);
    }

    public bool BeforeBranch(in DraftProgress progress, double value) => Answer("branch", WantsBranches);

    public void Observe(in RoundOutcome outcome)
    {
    }

    private T Answer<T>(string hook, T answer) => Throws == hook ? throw new InvalidOperationException(hook) : answer;
}
