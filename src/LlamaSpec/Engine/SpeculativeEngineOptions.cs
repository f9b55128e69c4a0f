using LlamaSpec.Drafting;
using LlamaSpec.Models;
using LlamaSpec.Policies;
using LlamaSpec.Scheduling;
using LlamaSpec.Verification;

namespace LlamaSpec.Engine;

/// <summary>Limits and defaults of an engine. Checked once, when the engine starts.</summary>
public sealed record SpeculativeEngineOptions
{
    /// <summary>Paths of a draft where nothing else is said: beyond, the paths of a tree are seldom worth their rows.</summary>
    public const int DefaultTreePaths = 12;

    /// <summary>Requests served in the same steps; more wait in the queue. Default 4, range 1 to 64.</summary>
    public int ConcurrentRequests { get; init; } = 4;

    /// <summary>
    /// Tokens of one request, prompt and answer together. Default 2048. The KV caches of target and draft each hold this many
    /// for every concurrent request: lower one of the two where memory is short.
    /// </summary>
    public int ContextLength { get; init; } = 2048;

    /// <summary>The largest <see cref="MaximumDraftLength"/>, <see cref="MaximumTreeNodes"/> and <see cref="MaximumTreePaths"/>.</summary>
    public const int LongestDraft = BlockVerifier.MaximumLength;

    /// <summary>Longest draft of a round, along one path. Default 16: text that is copied goes on for so long. Range 0 to 64.</summary>
    public int MaximumDraftLength { get; init; } = 16;

    /// <summary>
    /// Most drafted tokens of a round, all paths together. Default 32; fewer where many requests share the target's rows, and
    /// never fewer than <see cref="MaximumDraftLength"/>. Range 0 to 64.
    /// </summary>
    public int MaximumTreeNodes { get; init; } = 32;

    /// <summary>
    /// Most paths of a round's draft. Each but the first takes a sequence of the target's KV cache. null (default) = 12, or as many
    /// as the target's context has sequences for. Range 1 (chains only) to 64.
    /// </summary>
    public int? MaximumTreePaths { get; init; }

    /// <summary>Requests that may wait; further callers wait for a place in the queue. Default 64, range 1 to 65536.</summary>
    public int QueueCapacity { get; init; } = 64;

    /// <summary>Draft-length policy of requests that name none. Default <see cref="PolicyChoice.Auto"/>.</summary>
    public PolicyChoice Policy { get; init; } = PolicyChoice.Auto;

    /// <summary>Who may draft for requests that say nothing. Default <see cref="DrafterChoice.Auto"/>.</summary>
    public DrafterChoice Drafter { get; init; } = DrafterChoice.Auto;

    /// <summary>Which rule accepts a chain at a temperature above 0. Default block verification.</summary>
    public VerificationRule Verification { get; init; } = VerificationRule.Block;

    /// <summary>
    /// Shortest time between two wake-ups of a reader; tokens that come faster are handed over together, the first one at
    /// once. Default 16 ms, a frame of a screen: each wake-up takes a core from the decode. Range 0 to 1 s.
    /// </summary>
    public TimeSpan DeliveryInterval { get; init; } = TimeSpan.FromMilliseconds(16);

    /// <summary>Throws when a value is out of range, whatever the target.</summary>
    /// <exception cref="ArgumentException">The message names the option and the range.</exception>
    public void Validate()
    {
        ArgumentNullException.ThrowIfNull(Policy);
        ArgumentNullException.ThrowIfNull(Drafter);
        Check.Range(ConcurrentRequests, 1, 64, nameof(ConcurrentRequests));
        Check.Range(ContextLength, 2, 1 << 24, nameof(ContextLength));
        Check.Range(MaximumDraftLength, 0, LongestDraft, nameof(MaximumDraftLength));
        Check.Range(MaximumTreeNodes, 0, LongestDraft, nameof(MaximumTreeNodes));
        Check.Range(MaximumTreePaths ?? 1, 1, TreePaths.Most, nameof(MaximumTreePaths));
        Check.Range(QueueCapacity, 1, 65536, nameof(QueueCapacity));
        Check.Range(DeliveryInterval.TotalSeconds, 0, 1, nameof(DeliveryInterval));
        Policy.ThrowIfLongerThan(MaximumDraftLength);
    }

    /// <summary>How large drafts may be over a target, whose rows and sequences the requests share.</summary>
    internal DraftLimits LimitsFor(IModelRunner target)
    {
        var nodes = Math.Min(MaximumTreeNodes, (target.RowCapacity / ConcurrentRequests) - 1);
        var paths = Math.Min(MaximumTreePaths ?? DefaultTreePaths, target.SequenceCapacity / ConcurrentRequests);
        return new DraftLimits(MaximumDraftLength, MaximumDraftLength == 0 ? 0 : Math.Max(nodes, MaximumDraftLength), paths);
    }

    /// <summary>Throws when a value is out of range, or does not fit the target.</summary>
    /// <exception cref="ArgumentException">The message names the option and the range.</exception>
    public void Validate(IModelRunner target)
    {
        ArgumentNullException.ThrowIfNull(target);
        Validate();
        Check.Range(ConcurrentRequests, 1, target.SequenceCapacity, nameof(ConcurrentRequests));
        Check.Range(ContextLength, 2, target.CellCapacity, nameof(ContextLength));
        var rowsNeeded = ConcurrentRequests * (MaximumDraftLength + 1);
        if (rowsNeeded > target.RowCapacity)
        {
            throw new ArgumentException(
                $"{ConcurrentRequests} requests with drafts of {MaximumDraftLength} tokens need {rowsNeeded} rows in a step, but the target's context takes {target.RowCapacity}. "
                + "Lower ConcurrentRequests or MaximumDraftLength, or raise the row capacity.");
        }
    }
}
