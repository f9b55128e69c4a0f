using LlamaSpec.Policies;
using LlamaSpec.Sampling;

namespace LlamaSpec.Tests.Policies.Auto;

/// <summary>Keeps what another policy expected of the round, as the engine does before it tells the outcome.</summary>
internal sealed class RecordingPolicy(IDraftLengthPolicy inner) : IDraftLengthPolicy
{
    public RoundExplanation Expected { get; private set; }

    public bool BeforePass(in DraftProgress progress) => inner.BeforePass(progress);

    public bool BeforeSampling(in DraftProgress progress, in RowStatistics distribution) => inner.BeforeSampling(progress, distribution);

    public void Observe(in RoundOutcome outcome)
    {
        Expected = inner.Explanation;
        inner.Observe(outcome);
    }
}
