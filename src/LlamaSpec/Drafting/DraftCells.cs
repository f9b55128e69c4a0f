using LlamaSpec.Models;

namespace LlamaSpec.Drafting;

/// <summary>
/// What a draft's KV cache holds: of each slot its own sequence, which the main path continues, and while a tree grows a sequence
/// for each further path.
/// </summary>
/// <param name="runner">The draft model.</param>
/// <param name="map">Target ids of a trimmed draft's rows; null = one vocabulary.</param>
/// <param name="pathCount">Sequences of each slot.</param>
internal sealed class DraftCells(IModelRunner runner, TokenMap? map, int pathCount)
{
    private readonly int[] _counts = new int[runner.SequenceCapacity / pathCount];
    private readonly int[] _firsts = new int[runner.SequenceCapacity / pathCount];
    private readonly int[] _branchLengths = new int[runner.SequenceCapacity];

    /// <summary>Slots that there are sequences for.</summary>
    public int SlotCount => _counts.Length;

    /// <summary>How many tokens the slot's own sequence holds, those of the batch in hand included.</summary>
    public int Count(int slot) => _counts[slot];

    /// <summary>A round's draft starts behind the committed tokens.</summary>
    public void BeginRound(DraftJob job)
    {
        ReleaseBranches(job.Slot);
        _firsts[job.Slot] = job.Tokens.CommittedCount;

        // Where a round is repeated, the anchor token was decoded before; its logits are needed again.
        Trim(job.Slot, job.Tokens.CommittedCount - 1);
    }

    /// <summary>Adds what the slot's own sequence lacks of the path to a node, up to a position, and returns the last row.</summary>
    public int Feed(TokenBatch batch, DraftJob job, int node, int endPosition, bool wantsLogits)
    {
        var tokens = job.Prefix(node);
        var row = -1;
        for (var position = _counts[job.Slot]; position < endPosition; position++)
        {
            row = batch.Add(ToDraft(tokens[position]), position, job.Sequence, wantsLogits && position == endPosition - 1);
        }

        _counts[job.Slot] = endPosition;
        return row;
    }

    /// <summary>
    /// Adds the row of a node that is not on the main path, in the path that its parent ends, else in a new one.
    /// Returns false when no path is left.
    /// </summary>
    public bool TryFeedBranch(TokenBatch batch, DraftJob job, TreeGrowth growth, int node)
    {
        var parent = job.Tree.Parents[node];
        var position = _firsts[job.Slot] + job.Tree.Depths[node];
        var path = growth.Path(parent);
        if (path == 0 || _branchLengths[Branch(job.Slot, path)] != position)
        {
            var from = Sequence(job.Slot, path);
            path = FreePath(job.Slot);
            if (path < 0)
            {
                return false;
            }

            runner.CopySequence(from, Sequence(job.Slot, path), 0, position);
        }

        var row = batch.Add(ToDraft(job.Tree.Tokens[node]), position, Sequence(job.Slot, path), wantsLogits: true);
        _branchLengths[Branch(job.Slot, path)] = position + 1;
        growth.AddToLayer(node, row, path);
        return true;
    }

    /// <summary>Whether a node with this parent would find a path.</summary>
    public bool HasPathFor(DraftJob job, TreeGrowth growth, int parent)
    {
        var path = growth.Path(parent);
        var position = _firsts[job.Slot] + (parent < 0 ? 0 : job.Tree.Depths[parent] + 1);
        return path >= 0 && ((path > 0 && _branchLengths[Branch(job.Slot, path)] == position) || FreePath(job.Slot) > 0);
    }

    /// <summary>A round ended: keeps the committed part of its draft in the slot's own sequence, and nothing else.</summary>
    /// <param name="job">The round.</param>
    /// <param name="growth">How its draft grew.</param>
    /// <param name="validCount">Tokens that stand at most.</param>
    public void Keep(DraftJob job, TreeGrowth growth, int validCount)
    {
        var slot = job.Slot;
        var committed = job.Tokens.Committed;
        var last = TokenTree.Anchor;
        var end = Math.Min(_firsts[slot], validCount);
        for (var child = 0; end < validCount; end++)
        {
            child = job.Tree.Child(last, committed[end]);
            if (child < 0 || growth.Path(child) < 0)
            {
                break;
            }

            last = child;
        }

        // The last accepted node that was decoded; from where it left the main path on, its cells take over.
        var shared = end;
        for (var node = last; growth.Path(node) > 0; node = job.Tree.Parents[node])
        {
            shared--;
        }

        Trim(slot, shared);
        if (shared < end && _counts[slot] == shared)
        {
            runner.CopySequence(Sequence(slot, growth.Path(last)), Sequence(slot, 0), shared, end);
            _counts[slot] = end;
        }

        ReleaseBranches(slot);
    }

    /// <summary>Drops the cells of a slot's own sequence at a position and after.</summary>
    public void Trim(int slot, int validCount)
    {
        if (_counts[slot] <= validCount)
        {
            return;
        }

        if (runner.TrimSequence(Sequence(slot, 0), validCount))
        {
            _counts[slot] = validCount;
        }
        else
        {
            Forget(slot);
        }
    }

    /// <summary>Drops all cells of a slot.</summary>
    public void Forget(int slot)
    {
        ReleaseBranches(slot);
        runner.ReleaseSequence(Sequence(slot, 0));
        _counts[slot] = 0;
    }

    /// <summary>Drops the paths of a slot but for its own sequence.</summary>
    public void ReleaseBranches(int slot)
    {
        for (var path = 1; path < pathCount; path++)
        {
            if (_branchLengths[Branch(slot, path)] > 0)
            {
                runner.ReleaseSequence(Sequence(slot, path));
                _branchLengths[Branch(slot, path)] = 0;
            }
        }
    }

    private int FreePath(int slot)
    {
        for (var path = 1; path < pathCount; path++)
        {
            if (_branchLengths[Branch(slot, path)] == 0)
            {
                return path;
            }
        }

        return -1;
    }

    private int ToDraft(int token) => map is null ? token : map.FromTarget(token);

    private int Branch(int slot, int path) => (slot * (pathCount - 1)) + path - 1;

    // The slots' own sequences come first, then the further paths of each.
    private SequenceId Sequence(int slot, int path) => new(path == 0 ? slot : SlotCount + Branch(slot, path));
}
