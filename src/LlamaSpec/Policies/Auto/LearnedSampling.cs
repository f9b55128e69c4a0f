namespace LlamaSpec.Policies.Auto;

/// <summary>What requests that sample alike have taught: acceptance, whether drafting pays at all, and the last speed.</summary>
internal sealed class LearnedSampling
{
    // Numbers of requests with a speed of their own.
    private const int MostRequests = 64;

    private readonly SpeedEstimate[] _speeds = new SpeedEstimate[MostRequests];
    private StepCount _drafts;
    private StepCount _plain;
    private int _guardedRequests;

    public AcceptanceEstimator Acceptance { get; } = new();

    public SiblingAcceptance Siblings { get; } = new();

    public SlowdownGuard Guard { get; } = new();

    public ProbeSchedule Probes { get; } = new();

    /// <summary>The speed of so many requests at once. What several gain is less than what one does.</summary>
    public ref SpeedEstimate Speed(int requests) => ref _speeds[Math.Clamp(requests, 1, MostRequests) - 1];

    /// <summary>Tells the guard of a step that drafted, once. Returns how many rounds of plain decoding were lost when that ends drafting, else 0.</summary>
    public double GuardDraft(in RoundOutcome outcome, in StepVerdict step)
    {
        if (!_drafts.IsNew(outcome.Work.Step))
        {
            return 0;
        }

        var requests = Math.Max(1, outcome.ConcurrentRequests);
        if (requests != _guardedRequests)
        {
            _guardedRequests = requests;
            Guard.Fade();
        }

        return requests * Guard.Add(step.PlainMilliseconds, step.Milliseconds);
    }

    /// <summary>Tells the guard of a step without a draft, once.</summary>
    public void GuardPlain(in RoundOutcome outcome)
    {
        if (_plain.IsNew(outcome.Work.Step))
        {
            Guard.AddPlain();
        }
    }

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
