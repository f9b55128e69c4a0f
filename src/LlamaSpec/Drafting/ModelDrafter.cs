using LlamaSpec.Models;
using LlamaSpec.Sampling;

namespace LlamaSpec.Drafting;

/// <summary>
/// Drafts with a small model: chains, and trees where the policy asks for them. The passes of all requests of a step share one
/// batch. The KV cache is trimmed after a round, never decoded again, except for what it lacks of the accepted path: one row
/// after a fully accepted round.
/// </summary>
public sealed class ModelDrafter : IDrafter
{
    private readonly IModelRunner _runner;
    private readonly TokenMap? _map;
    private readonly IKernels _kernels;
    private readonly Sampler _sampler;
    private readonly DraftCells _cells;
    private readonly TreeGrower _trees;
    private readonly TreeGrowth[] _growths;
    private readonly DraftJob?[] _jobs;
    private TokenBatch _batch;
    private TokenBatch _nextBatch;

    /// <summary>Creates a drafter.</summary>
    /// <param name="runner">The draft model; owned from here on. Its sequences are shared out among as many slots as they suffice for.</param>
    /// <param name="map">Target ids of a trimmed draft's rows; null = draft and target share a vocabulary.</param>
    /// <param name="kernels">Row arithmetic.</param>
    /// <param name="pathCount">
    /// Sequences of the draft for each slot. 1 (default): a pass goes on from one node, and what it shows beside the next one become
    /// leaves of the target's tree. More: a pass goes on from so many nodes, where the policy wants it.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="pathCount"/> is not from 1 to the draft's sequences.</exception>
    public ModelDrafter(IModelRunner runner, TokenMap? map, IKernels kernels, int pathCount = 1)
    {
        ArgumentNullException.ThrowIfNull(runner);
        Check.Range(pathCount, 1, runner.SequenceCapacity, nameof(pathCount));
        _runner = runner;
        _map = map;
        _kernels = kernels;
        _sampler = new Sampler(kernels, runner.Model.VocabularySize);
        _cells = new DraftCells(runner, map, pathCount);
        _trees = new TreeGrower(runner, map, kernels, _sampler, _cells, pathCount);
        _growths = [.. Enumerable.Range(0, _cells.SlotCount).Select(static _ => new TreeGrowth())];
        _jobs = new DraftJob?[_cells.SlotCount];
        _batch = new TokenBatch(runner.RowCapacity);
        _nextBatch = new TokenBatch(runner.RowCapacity);
    }

    /// <inheritdoc />
    public void Begin(int slot, int sharedPrefixLength)
    {
        if (slot >= _cells.SlotCount)
        {
            throw new ModelFailureException($"the draft's context has {_cells.SlotCount} sequences, too few for the engine's concurrent requests");
        }

        _jobs[slot] = null;
        _cells.ReleaseBranches(slot);
        _cells.Trim(slot, sharedPrefixLength);
    }

    /// <inheritdoc />
    public void Observe(int slot, int validCount)
    {
        if (_jobs[slot] is { Tree.MayBranch: true } job)
        {
            _cells.Keep(job, _growths[slot], validCount);
        }
        else
        {
            // Also where a step was rolled back: its trees are empty then.
            _cells.ReleaseBranches(slot);
            _cells.Trim(slot, validCount);
        }
    }

    /// <inheritdoc />
    public int MissingRows(DraftJob job)
    {
        ArgumentNullException.ThrowIfNull(job);
        return Math.Max(1, job.Tokens.CommittedCount - _cells.Count(job.Slot));
    }

    /// <inheritdoc />
    public void Draft(ReadOnlySpan<DraftJob> jobs)
    {
        if (!TryFirstPass(jobs))
        {
            return;
        }

        while (_batch.Count > 0)
        {
            if (_runner.Decode(_batch) != DecodeStatus.Ok)
            {
                ForgetUncertainCells(jobs);
                return;
            }

            _nextBatch.Clear();
            for (var i = 0; i < jobs.Length; i++)
            {
                if (jobs[i].Row >= 0)
                {
                    Extend(jobs[i], rowsOfOthers: jobs.Length - i - 1);
                }
            }

            (_batch, _nextBatch) = (_nextBatch, _batch);
        }
    }

    /// <inheritdoc />
    public void Dispose() => _runner.Dispose();

    // The first pass feeds the committed tokens that the draft's KV cache lacks: usually the anchor token alone. A prompt that
    // does not fit into the job's share of the batch is fed in chunks, one a step, so that the other requests go on meanwhile.
    private bool TryFirstPass(ReadOnlySpan<DraftJob> jobs)
    {
        var wanted = 0;
        foreach (var job in jobs)
        {
            _jobs[job.Slot] = job;
            job.LagsBy(MissingRows(job));
            job.Row = job.Drafter.AllowsModel && job.WantsPass() ? 0 : -1;
            wanted += job.Row + 1;
        }

        if (wanted == 0)
        {
            return false;
        }

        if (wanted > _runner.RowCapacity)
        {
            throw new ModelFailureException($"the draft's context takes {_runner.RowCapacity} rows, but {wanted} requests draft at once");
        }

        var share = _runner.RowCapacity / wanted;
        _batch.Clear();
        foreach (var job in jobs)
        {
            if (job.Row >= 0)
            {
                _cells.BeginRound(job);
                var missing = job.Tokens.CommittedCount - _cells.Count(job.Slot);
                var isLastChunk = missing <= share;
                var row = _cells.Feed(_batch, job, TokenTree.Anchor, _cells.Count(job.Slot) + Math.Min(missing, share), wantsLogits: isLastChunk);
                job.Row = isLastChunk ? row : -1;
                _growths[job.Slot].Begin(isLastChunk ? job.ChooseWidth(TreeGrower.Widest) : 1);
                _growths[job.Slot].AddToLayer(TokenTree.Anchor, row, path: 0);
            }
        }

        return true;
    }

    private void Extend(DraftJob job, int rowsOfOthers)
    {
        var growth = _growths[job.Slot];
        var isTree = growth.Width > 1;
        if ((isTree ? _trees.Extend(job, growth) : TryDraw(job)) && job.WantsPass())
        {
            var node = isTree ? growth.MainNode : job.Tree.Count - 1;
            job.Row = _cells.Feed(_nextBatch, job, node, job.Tokens.CommittedCount + job.Progress.DraftedCount, wantsLogits: true);
            if (isTree)
            {
                growth.BeginLayer();
                growth.AddToLayer(node, job.Row, path: 0);
                _trees.Branch(job, growth, _nextBatch, _nextBatch.Capacity - rowsOfOthers);
            }

            return;
        }

        job.Row = -1;
        if (isTree)
        {
            TreeGrower.Finish(job, growth);
        }
    }

    // Lengthens a chain by the next token; false when the draft ends without one.
    private bool TryDraw(DraftJob job)
    {
        var row = _runner.LogitsRow(job.Row);
        var index = job.Progress.DraftedCount;
        var prefix = job.Prefix(index - 1);
        if (job.Sampling.IsGreedy)
        {
            var best = _sampler.ArgMax(row, _map, prefix, job.Sampling, out var greedyStatistics);
            if (best < 0 || !job.WantsToken(greedyStatistics))
            {
                return false;
            }

            job.Add(best, Math.Exp(greedyStatistics.Maximum - greedyStatistics.LogSumExp), greedyStatistics.Entropy);
            return true;
        }

        var distribution = job.Tree.Proposal(index - 1);
        if (!_sampler.TryShape(row, _map, prefix, job.Sampling, distribution, out var statistics)
            || !job.WantsToken(statistics))
        {
            return false;
        }

        var token = distribution.Sample(_kernels, CounterRandom.Uniform(job.Seed, job.Round, index, DrawPurpose.Draft));
        if (token >= 0)
        {
            job.Add(token, distribution[token], statistics.Entropy);
        }

        return token >= 0;
    }

    // After a decode that did not finish, what the KV cache holds is not known: start these slots over.
    private void ForgetUncertainCells(ReadOnlySpan<DraftJob> jobs)
    {
        foreach (var job in jobs)
        {
            job.Row = -1;
            _cells.Forget(job.Slot);
            _jobs[job.Slot] = null;
        }
    }
}
