using System.Diagnostics.CodeAnalysis;
using LlamaSpec.Diagnostics;
using LlamaSpec.Policies;
using LlamaSpec.Scheduling;

namespace LlamaSpec.Engine;

/// <summary>Tells a request's policy what became of its round, once the whole step has its price.</summary>
internal sealed class RoundTeacher(TimeProvider time)
{
    private long _steps;

    /// <summary>Adds up what the rounds of the next step did.</summary>
    public StepWork AddUp(StepPlan plan)
    {
        var work = new StepWork { Step = ++_steps };
        foreach (var entry in plan.Entries)
        {
            work = entry.Outcome is { } outcome ? work.With(outcome) : work;
        }

        return work;
    }

    /// <summary>Completes the outcome of an entry's round and hands it over; for an entry without a round it does nothing.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "A policy may be anybody's; what it throws ends its request alone.")]
    public void Teach(StepEntry entry, StepPlan plan, int batchRows, in StepWork work, in StepTimes times)
    {
        if (entry.Outcome is not { } outcome)
        {
            return;
        }

        outcome = outcome with
        {
            ConcurrentRequests = plan.Entries.Length,
            Work = work,
            BatchRows = batchRows,
            PromptRows = plan.PromptRows,
            DraftMilliseconds = time.Milliseconds(times.Draft),
            VerifyMilliseconds = time.Milliseconds(times.Verify),
            StepMilliseconds = time.Milliseconds(times.Draft + times.Verify + times.Sample),
        };
        try
        {
            if (entry.Request.Explanations is { } explanations)
            {
                explanations.Add(new ExplainedRound(explanations.Count + 1, outcome with { Tree = null }, entry.Request.Policy.Explanation));
            }

            entry.Request.Policy.Observe(outcome);
        }
        catch (Exception error)
        {
            entry.Request.PendingError ??= error;
        }
    }
}
