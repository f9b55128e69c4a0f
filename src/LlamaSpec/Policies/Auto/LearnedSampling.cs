namespace LlamaSpec.Policies.Auto;

/// <summary>What requests that sample alike have taught: acceptance, whether drafting pays at all, and the last speed.</summary>
internal sealed class LearnedSampling
{
    public AcceptanceEstimator Acceptance { get; } = new();

    public SlowdownGuard Guard { get; } = new();

    public ProbeSchedule Probes { get; } = new();

    public SpeedEstimate Speed { get; set; }

    public void Save(BinaryWriter writer)
    {
        Acceptance.Save(writer);
        Guard.Save(writer);
        Probes.Save(writer);
    }

    public void Load(BinaryReader reader)
    {
        Acceptance.Load(reader);
        Guard.Load(reader);
        Probes.Load(reader);
    }
}
