using System.Diagnostics.CodeAnalysis;
using LlamaSpec.Diagnostics;
using LlamaSpec.Drafting;
using LlamaSpec.Policies;
using LlamaSpec.Scheduling;
using LlamaSpec.Verification;

namespace LlamaSpec.Engine;

/// <summary>Ends a round after the target's decode: verify, commit, roll both KV caches back, tell those who learn from it.</summary>
internal sealed class RoundCommitter(
    RoundVerifier verifier, SequencePool pool, DrafterHost drafter, LlamaSpecMeter meter, TimeProvider time, int contextLength)
{
    /// <summary>Ends the round of an entry. Whether the request ends with it is left in its pending reason or error.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "What goes wrong in one request's round is that request's alone.")]
    public void Finish(StepEntry entry, bool hasHiddenRows)
    {
        var request = entry.Request;
        var slot = entry.Slot;
        try
        {
            var draftedCount = slot.Job.Tree.Count;
            var before = slot.Tokens.CommittedCount;
            var acceptance = verifier.Verify(entry, hasHiddenRows);
            var generated = Commit(request, entry.AnchorRow, acceptance);

            // The anchor token and the accepted tokens are in the KV cache; a stop may have cut some of the latter.
            var valid = Math.Min(before + acceptance.AcceptedCount, slot.Tokens.CommittedCount);
            pool.KeepPath(slot, before, acceptance.LastNode, valid);

            drafter.Observe(slot.Index, valid);
            entry.Outcome = CreateOutcome(entry, before, draftedCount, acceptance);
            request.Stats.AddRound(
                generated, draftedCount, acceptance.AcceptedCount, acceptance.Kind == NextTokenKind.Fallback, slot.Job.WasCut, time.GetTimestamp());
            meter.Round(generated, draftedCount, acceptance.AcceptedCount);
        }
        catch (Exception error)
        {
            pool.Forget(slot);
            request.PendingError = error;
        }
    }

    private static RoundOutcome CreateOutcome(StepEntry entry, int position, int draftedCount, in Acceptance acceptance)
    {
        var slot = entry.Slot;
        return new RoundOutcome
        {
            DraftedCount = draftedCount,
            AcceptedCount = acceptance.AcceptedCount,
            DraftedDepth = slot.Job.Tree.Depth,
            DraftedBy = slot.Job.DraftedBy,
            MaximumLength = Math.Min(entry.Limits.Length, entry.Limits.Nodes),
            Position = position,
            PassCount = slot.Job.PassCount,
            BranchRows = slot.Job.BranchRows,
            MissingRows = slot.Job.FirstPassRows,
            TargetEntropy = slot.Evidence.TargetEntropy,
            AcceptanceProbabilities = slot.Evidence.AcceptanceProbabilities,
            HiddenRow = slot.Evidence.HiddenRow,
            Tree = slot.Job.Tree.MayBranch ? slot.Job.Tree : null,
            LastNode = acceptance.LastNode,
            AnchorToken = entry.Request.PendingReason is null ? acceptance.NextToken : -1,
        };
    }

    // Returns the number of tokens generated: a stop can cut inside the accepted tokens.
    private int Commit(Request request, int anchorRow, in Acceptance acceptance)
    {
        var tokens = request.Slot!.Tokens;
        Span<int> path = stackalloc int[SpeculativeEngineOptions.LongestDraft];
        PathTo(acceptance.LastNode, request.Slot.Job.Tree, path[..acceptance.AcceptedCount]);
        var node = TokenTree.Anchor;
        for (var i = 0; i <= acceptance.AcceptedCount; i++)
        {
            var token = i < acceptance.AcceptedCount ? request.Slot.Job.Tree.Tokens[path[i]] : acceptance.NextToken;
            var logProbability = verifier.LogProbability(anchorRow, node, token);
            node = i < acceptance.AcceptedCount ? path[i] : node;
            var isEnd = request.Stop.IsEndOfText(token);
            tokens.Commit(token);
            if (isEnd)
            {
                request.PendingReason = FinishReason.EndOfText;
                return i;
            }

            request.PendingReason = request.Stop.Add(token)
                ?? (tokens.CommittedCount >= contextLength ? FinishReason.ContextFull : null);
            request.Publish(new CommittedToken(token, logProbability, request.Stop.ReleasedBytes));
            if (request.PendingReason is not null)
            {
                return i + 1;
            }
        }

        return acceptance.AcceptedCount + 1;
    }

    private static void PathTo(int node, TokenTree tree, Span<int> path)
    {
        for (var i = path.Length - 1; i >= 0; i--)
        {
            path[i] = node;
            node = tree.Parents[node];
        }
    }
}
