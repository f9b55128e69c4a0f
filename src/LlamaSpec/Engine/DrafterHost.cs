using System.Diagnostics.CodeAnalysis;
using LlamaSpec.Drafting;
using LlamaSpec.Models;
using LlamaSpec.Policies;
using LlamaSpec.Scheduling;

namespace LlamaSpec.Engine;

/// <summary>
/// Keeps the drafter, and keeps its failures away from the requests: whatever it throws or proposes, the engine goes on
/// without it and says why.
/// </summary>
[SuppressMessage("Design", "CA1031", Justification = "A drafter may fail in any way; a request may not.")]
internal sealed class DrafterHost(IDrafter? drafter, string missingReason, int targetVocabularySize, int slotCount, int contextLength) : IDisposable
{
    private readonly DraftJob[] _jobs = new DraftJob[slotCount];
    private readonly StepLoad _load = new();
    private volatile IDrafter? _drafter = drafter;
    private volatile string? _lostReason = drafter is null ? missingReason : null;

    /// <summary>Why nothing is drafted, or why a part of the drafter takes no part; null when all is well. Any thread.</summary>
    public string? MissingReason => _lostReason ?? _drafter?.MissingReason;

    /// <summary>A request starts in a slot, and shares a prefix with what the slot held.</summary>
    public void Begin(int slot, int sharedPrefixLength)
    {
        try
        {
            _drafter?.Begin(slot, sharedPrefixLength);
        }
        catch (Exception error)
        {
            Lose(error);
        }
    }

    /// <summary>Of what the drafter has seen in a slot, only the first tokens stand.</summary>
    public void Observe(int slot, int validCount)
    {
        try
        {
            _drafter?.Observe(slot, validCount);
        }
        catch (Exception error)
        {
            Lose(error);
        }
    }

    /// <summary>Drafts for the rounds of a step. Afterwards the slots hold their drafts, or none.</summary>
    public void Draft(StepPlan plan)
    {
        var count = 0;
        _load.Requests = plan.Entries.Length;
        _load.Rows = plan.RowsWithoutDrafts;
        foreach (var entry in plan.Entries)
        {
            var tokens = entry.Slot.Tokens;
            entry.Slot.Job.Skip();
            if (_drafter is not null && entry.HasRound && entry.Limits.Length > 0 && MayDraft(entry.Request))
            {
                var request = entry.Request;
                var remaining = Math.Min(request.Stop.RemainingTokens, contextLength - tokens.CommittedCount);
                _jobs[count] = entry.Slot.Job;
                _jobs[count++].Prepare(
                    new DraftRequest(tokens, request.Sampling, request.Policy, request.Drafter, request.Seed, request.Stats.Rounds),
                    entry.Limits, remaining, _load);
            }
        }

        if (count > 0 && !TryDraft(_jobs.AsSpan(0, count)))
        {
            foreach (var entry in plan.Entries)
            {
                entry.Slot.Job.Tree.Clear();
            }
        }

        foreach (var entry in plan.Entries)
        {
            entry.Request.PendingError ??= entry.Slot.Job.TakePolicyError();
        }
    }

    /// <summary>Why a request drafts nothing, or null when it may.</summary>
    public string? DisabledReason(Request request, int maximumDraftLength) =>
        request.PolicyName == PolicyChoice.Off.Name ? "the policy is off"
        : _lostReason ?? (maximumDraftLength == 0 ? "the maximum draft length is 0"
            : request.Stats.DraftedSeldom ? MissingReason ?? request.Policy.DisabledReason : null);

    public void Dispose()
    {
        try
        {
            _drafter?.Dispose();
        }
        catch (Exception)
        {
            // What a drafter cannot free must keep neither the target from being freed nor a request from going on.
        }
    }

    // Plain decoding pays for nothing: drafters catch up with the text when they are asked again.
    private static bool MayDraft(Request request) => request.PolicyName != PolicyChoice.Off.Name && request.Drafter != DrafterChoice.None;

    private bool TryDraft(ReadOnlySpan<DraftJob> jobs)
    {
        try
        {
            TryFill(jobs);
            foreach (var job in jobs)
            {
                CheckDraft(job);
            }

            return true;
        }
        catch (Exception error)
        {
            Lose(error);
            return false;
        }
    }

    // What fits into a tree stands; the rest is cut off.
    private void TryFill(ReadOnlySpan<DraftJob> jobs)
    {
        try
        {
            _drafter!.Draft(jobs);
        }
        catch (TreeFullException)
        {
            foreach (var job in jobs)
            {
                job.WasCut |= job.Tree.Count == job.Tree.Capacity;
            }
        }
    }

    // Verification is exact only for what the seam promises: the target's tokens, and those that chance chose with the
    // distribution that they were drawn from.
    private void CheckDraft(DraftJob job)
    {
        job.ThrowIfForeign(targetVocabularySize);
        var tree = job.Tree;
        var fitting = tree.CountWithin(job.Limits);
        if (fitting < tree.Count)
        {
            job.WasCut = true;
            tree.Truncate(fitting);
        }
    }

    private void Lose(Exception error)
    {
        _lostReason = $"the drafter failed: {error.Message}";
        Dispose();
        _drafter = null;
    }
}
