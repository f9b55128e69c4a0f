namespace LlamaSpec.Drafting;

/// <summary>
/// Proposes tokens: the third seam. State is kept by slot. Used by the engine thread. An empty draft is a normal answer,
/// and an exception costs the engine its drafter, never a request.
/// </summary>
public interface IDrafter : IDisposable
{
    /// <summary>Why a part of it takes no part in drafting, or null when all does. Any thread.</summary>
    string? MissingReason => null;

    /// <summary>Rows that the first pass of a round would decode for a job: more than 1 where the drafter lags behind the committed tokens.</summary>
    int MissingRows(DraftJob job) => 1;

    /// <summary>A request starts in a slot.</summary>
    /// <param name="slot">The slot.</param>
    /// <param name="sharedPrefixLength">How many of its tokens are those that the slot held before.</param>
    void Begin(int slot, int sharedPrefixLength);

    /// <summary>
    /// Drafts for every job of a step. Before each pass and before each draw the job's policy is asked.
    /// A drawn token and its distribution are added to the job; a drawn token is never taken back.
    /// </summary>
    void Draft(ReadOnlySpan<DraftJob> jobs);

    /// <summary>A round ended: of what the drafter has seen in a slot, only the first <paramref name="validCount"/> tokens stand.</summary>
    void Observe(int slot, int validCount);
}
