using System.Numerics;
using LlamaSpec.Drafting;
using LlamaSpec.Models;
using LlamaSpec.Policies;
using LlamaSpec.Scheduling;

namespace LlamaSpec.Engine;

/// <summary>Turns a planned and drafted step into the rows of the target's decode.</summary>
internal static class StepPacker
{
    /// <summary>Forks the paths of the drafts and fills the batch; each entry gets the rows of its round.</summary>
    public static void Pack(StepPlan plan, TokenBatch batch, SequencePool pool)
    {
        batch.Clear();
        var wantsHiddenRows = false;
        var outputRow = 0;
        foreach (var entry in plan.Entries)
        {
            var slot = entry.Slot;
            var position = slot.CachedCount;
            if (entry.HasRound)
            {
                pool.Fork(slot);
            }

            for (var i = 0; i < entry.PrefillCount; i++, position++)
            {
                batch.Add(slot.Tokens.Committed[position], position, slot.Sequence, wantsLogits: false);
            }

            if (entry.HasRound)
            {
                entry.AnchorRow = batch.Count;
                entry.FirstOutputRow = outputRow;
                AddRound(slot, batch, pool);
                outputRow += slot.Job.Tree.Count + 1;
            }

            wantsHiddenRows |= entry.Request.PolicyWants(PolicyNeeds.HiddenRow);
        }

        // Prompt rows have no logits, and backends give hidden rows for all rows or for none.
        batch.WantsHiddenRows = wantsHiddenRows && plan.PromptRows == 0;
    }

    // The anchor token and the nodes behind it, each in the sequences of all paths through it.
    private static void AddRound(SequenceSlot slot, TokenBatch batch, SequencePool pool)
    {
        var tree = slot.Job.Tree;
        var anchorPosition = slot.Tokens.CommittedCount - 1;
        for (var node = TokenTree.Anchor; node < tree.Count; node++)
        {
            var position = node < 0 ? anchorPosition : anchorPosition + 1 + tree.Depths[node];
            batch.Add(node < 0 ? slot.Tokens.Committed[^1] : tree.Tokens[node], position, wantsLogits: true);
            for (var through = slot.Paths.Through(node); through != 0; through &= through - 1)
            {
                batch.AddSequence(pool.PathSequence(slot, BitOperations.TrailingZeroCount(through)));
            }
        }
    }
}
