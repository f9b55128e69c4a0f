using System.Diagnostics.CodeAnalysis;
using LlamaSpec.Diagnostics;
using LlamaSpec.Models;
using LlamaSpec.Policies;
using LlamaSpec.Scheduling;

namespace LlamaSpec.Engine;

/// <summary>
/// One step after the other: plan, draft, one target decode, verify, commit. Belongs to one thread; holds no locks and,
/// once warm, allocates nothing in a step.
/// </summary>
internal sealed class EngineCore : IDisposable
{
    private readonly EngineParts _parts;
    private readonly SpeculativeEngineOptions _options;
    private readonly IModelRunner _target;
    private readonly TokenBatch _batch;
    private readonly SequencePool _pool;
    private readonly Scheduler _scheduler;
    private readonly RoundVerifier _verifier;
    private readonly RoundCommitter _rounds;
    private readonly RoundTeacher _teacher;
    private readonly DrafterHost _drafter;
    private readonly LlamaSpecMeter _meter = new();
    private readonly long _deliveryInterval;
    private volatile bool _isInterrupted;

    public EngineCore(EngineParts parts, SpeculativeEngineOptions options)
    {
        _parts = parts;
        _options = options;
        _target = parts.Target;
        _deliveryInterval = (long)(options.DeliveryInterval.TotalSeconds * parts.Time.TimestampFrequency);
        _drafter = new DrafterHost(parts.Drafter, parts.DrafterMissingReason, _target.Model.VocabularySize, options.ConcurrentRequests, options.ContextLength);
        _batch = new TokenBatch(_target.RowCapacity);
        var limits = options.LimitsFor(_target);
        _pool = new SequencePool(_target, options.ConcurrentRequests, options.ContextLength, limits);
        _scheduler = new Scheduler(options.ConcurrentRequests, _target.RowCapacity, options.ContextLength, limits);
        _verifier = new RoundVerifier(_target, parts.Kernels, options.Verification, limits, options.ConcurrentRequests);
        _teacher = new RoundTeacher(parts.Time);
        _rounds = new RoundCommitter(_verifier, _pool, _drafter, _meter, parts.Time, options.ContextLength);
    }

    public bool HasIdleSlot => _pool.HasIdleSlot;

    public bool IsIdle => _scheduler.Running.Count == 0;

    /// <summary>Why nothing is drafted, or null when there is a drafter. Any thread.</summary>
    public string? DrafterMissingReason => _drafter.MissingReason;

    internal SequencePool Pool => _pool;

    /// <summary>Asks a step that is being drafted to go no further. Any thread.</summary>
    public bool IsInterrupted { get => _isInterrupted; set => _isInterrupted = value; }

    /// <summary>Starts a request in an idle slot. What goes wrong is the request's alone.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "The caller gets the error; the others go on.")]
    public void Admit(Request request)
    {
        try
        {
            request.Slot = _pool.Acquire(request.Prompt);
            Prepare(request, request.Slot);
            _scheduler.Add(request);
        }
        catch (Exception error)
        {
            if (request.Slot is { } slot)
            {
                _pool.Release(slot);
            }

            request.Finish(null, error);
        }
    }

    /// <summary>Ends the requests whose callers left. The slots stay usable, with what was committed in their KV cache.</summary>
    public void RemoveCancelled()
    {
        for (var i = _scheduler.Running.Count - 1; i >= 0; i--)
        {
            if (_scheduler.Running[i].IsCancelled)
            {
                End(_scheduler.Running[i], null);
            }
        }
    }

    /// <summary>Runs one step for all running requests.</summary>
    public void Step()
    {
        var plan = _scheduler.Plan();
        var nativeBefore = _parts.NativeClock?.Elapsed ?? 0;
        var start = _parts.Time.GetTimestamp();
        _drafter.Draft(plan);
        var drafted = _parts.Time.GetTimestamp();
        if (IsInterrupted)
        {
            RollBack(plan);
            return;
        }

        StepPacker.Pack(plan, _batch, _pool);
        if (!TryDecode(plan))
        {
            return;
        }

        var decoded = _parts.Time.GetTimestamp();
        _verifier.VerifyTogether(plan);
        foreach (var entry in plan.Entries)
        {
            entry.Slot.CachedCount += entry.PrefillCount;
            if (entry.HasRound)
            {
                _rounds.Finish(entry, _batch.WantsHiddenRows);
            }
        }

        var end = _parts.Time.GetTimestamp();
        var native = (_parts.NativeClock?.Elapsed ?? 0) - nativeBefore;
        var times = new StepTimes(drafted - start, decoded - drafted, end - decoded, end - start - native);
        var work = _teacher.AddUp(plan);
        foreach (var entry in plan.Entries)
        {
            entry.Request.Stats.AddStep(times);
            entry.Request.DeliverIfDue(end, _deliveryInterval);
            _teacher.Teach(entry, plan, _batch.Count, work, times);
        }

        EndFinished(plan);
        _meter.Step(_parts.Time.Milliseconds(end - start));
    }

    /// <summary>Ends every request with an error, for a shutdown.</summary>
    public void FailAll(Exception error)
    {
        while (!IsIdle)
        {
            End(_scheduler.Running[^1], null, error);
        }
    }

    public void Dispose()
    {
        _drafter.Dispose();
        _target.Dispose();
        foreach (var owned in _parts.Owned)
        {
            owned.Dispose();
        }

        _meter.Dispose();
    }

    private void Prepare(Request request, SequenceSlot slot)
    {
        request.Stats.CachedPromptTokens = slot.CachedCount;
        if (!request.Sampling.IsGreedy)
        {
            slot.Job.Tree.Reserve();
            _verifier.Reserve();
        }

        if (request.PolicyWants(PolicyNeeds.HiddenRow))
        {
            slot.Evidence.Reserve(_target.Model.HiddenSize);
        }

        _drafter.Begin(slot.Index, slot.CachedCount);
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever the backend threw, the callers get it and the engine stays usable.")]
    private bool TryDecode(StepPlan plan)
    {
        try
        {
            switch (_target.Decode(_batch))
            {
                case DecodeStatus.Ok:
                    return true;
                case DecodeStatus.NoKvSlot:
                    RollBack(plan);
                    MakeRoom();
                    return false;
                default:
                    RollBack(plan);
                    return false;
            }
        }
        catch (Exception error)
        {
            foreach (var entry in plan.Entries)
            {
                _pool.Forget(entry.Slot);
                End(entry.Request, null, error);
            }

            return false;
        }
    }

    // As if the step had not been: both KV caches hold what was committed, and nothing else.
    private void RollBack(StepPlan plan)
    {
        foreach (var entry in plan.Entries)
        {
            var slot = entry.Slot;
            _pool.ReleaseBranches(slot);
            slot.Job.Tree.Clear();
            _pool.Trim(slot, slot.CachedCount);
            _drafter.Observe(slot.Index, slot.Tokens.CommittedCount);
        }
    }

    // Idle caches go first; then the youngest request starts its prompt over later, while the others go on.
    private void MakeRoom()
    {
        if (_pool.TryForgetIdle())
        {
            return;
        }

        if (_scheduler.TrySuspendYoungest(out var youngest))
        {
            _pool.Forget(youngest.Slot!);
            return;
        }

        End(youngest, null, new ModelFailureException(
            $"The KV cache of {_target.CellCapacity} cells has no room for this request. Raise the context length, or lower the number of concurrent requests."));
    }

    private void EndFinished(StepPlan plan)
    {
        foreach (var entry in plan.Entries)
        {
            var request = entry.Request;
            if (request.PendingError is not null || request.PendingReason is not null)
            {
                End(request, request.PendingReason, request.PendingError);
            }
        }
    }

    private void End(Request request, FinishReason? reason, Exception? error = null)
    {
        _scheduler.Remove(request);
        _pool.Release(request.Slot!);
        request.Stats.DisabledReason = _drafter.DisabledReason(request, _options.MaximumDraftLength);
        request.Finish(reason, error);
    }
}
