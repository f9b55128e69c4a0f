namespace LlamaSpec.Policies.Auto;

/// <summary>What requests that sample alike have taught: acceptance, whether drafting pays at all, and the last speed.</summary>
internal sealed class LearnedSampling
{
    public AcceptanceEstimator Acceptance { get; } = new();

    public SiblingAcceptance Siblings { get; } = new();

    public SlowdownGuard Guard { get; } = new();

    public ProbeSchedule Probes { get; } = new();

    public SpeedEstimate Speed { get; set; }

    /// <summary>Writes what holds beyond this run. That drafts were slow is not: the machine may have been busy, or still starting.</summary>
    public void Save(BinaryWriter writer)
    {
        Acceptance.Save(writer);
        Siblings.Save(writer);
        Probes.Save(writer);
    }

    public void Load(BinaryReader reader)
    {
        Acceptance.Load(reader);
        Siblings.Load(reader);
        Probes.Load(reader);
    }
}
