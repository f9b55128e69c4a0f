using LlamaSpec.Models;
using LlamaSpec.Sampling;

namespace LlamaSpec.Drafting;

/// <summary>
/// Drafts with a small model. The passes of all requests of a step share one batch. The KV cache is trimmed after a round,
/// never decoded again, except for the one row it lacks after a fully accepted round.
/// </summary>
public sealed class ModelDrafter : IDrafter
{
    private readonly IModelRunner _runner;
    private readonly TokenMap? _map;
    private readonly IKernels _kernels;
    private readonly Sampler _sampler;
    private readonly int[] _cachedCounts;
    private TokenBatch _batch;
    private TokenBatch _nextBatch;

    /// <summary>Creates a drafter.</summary>
    /// <param name="runner">The draft model; owned from here on.</param>
    /// <param name="map">Target ids of a trimmed draft's rows; null = draft and target share a vocabulary.</param>
    /// <param name="kernels">Row arithmetic.</param>
    public ModelDrafter(IModelRunner runner, TokenMap? map, IKernels kernels)
    {
        ArgumentNullException.ThrowIfNull(runner);
        _runner = runner;
        _map = map;
        _kernels = kernels;
        _sampler = new Sampler(kernels, runner.Model.VocabularySize);
        _cachedCounts = new int[runner.SequenceCapacity];
        _batch = new TokenBatch(runner.RowCapacity);
        _nextBatch = new TokenBatch(runner.RowCapacity);
    }

    /// <inheritdoc />
    public void Begin(int slot, int sharedPrefixLength)
    {
        if (slot >= _cachedCounts.Length)
        {
            throw new ModelFailureException($"the draft's context has {_cachedCounts.Length} sequences, too few for the engine's concurrent requests");
        }

        Trim(slot, sharedPrefixLength);
    }

    /// <inheritdoc />
    public void Observe(int slot, int validCount) => Trim(slot, validCount);

    /// <inheritdoc />
    public int MissingRows(DraftJob job)
    {
        ArgumentNullException.ThrowIfNull(job);
        return Math.Max(1, job.Tokens.CommittedCount - _cachedCounts[job.Slot]);
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
            foreach (var job in jobs)
            {
                if (job.Row >= 0)
                {
                    Extend(job);
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
                // Where a round is repeated, the anchor token was decoded before; its logits are needed again.
                Trim(job.Slot, job.Tokens.CommittedCount - 1);
                var missing = job.Tokens.CommittedCount - _cachedCounts[job.Slot];
                var isLastChunk = missing <= share;
                var row = Feed(_batch, job, _cachedCounts[job.Slot] + Math.Min(missing, share), wantsLogits: isLastChunk);
                job.Row = isLastChunk ? row : -1;
            }
        }

        return true;
    }

    private void Extend(DraftJob job)
    {
        var token = Draw(job);
        job.Row = token >= 0 && job.WantsPass()
            ? Feed(_nextBatch, job, job.Tokens.CommittedCount + job.Tree.Count, wantsLogits: true)
            : -1;
    }

    // Returns the drawn token, or -1 when the draft ends without one.
    private int Draw(DraftJob job)
    {
        var row = _runner.LogitsRow(job.Row);
        var index = job.Progress.DraftedCount;
        var prefix = job.Prefix(index - 1);
        if (job.Sampling.IsGreedy)
        {
            var best = _sampler.ArgMax(row, _map, prefix, job.Sampling, out var greedyStatistics);
            if (best < 0 || !job.WantsToken(greedyStatistics))
            {
                return -1;
            }

            job.Add(best, Math.Exp(greedyStatistics.Maximum - greedyStatistics.LogSumExp), greedyStatistics.Entropy);
            return best;
        }

        var distribution = job.Tree.Proposal(index - 1);
        if (!_sampler.TryShape(row, _map, prefix, job.Sampling, distribution, out var statistics)
            || !job.WantsToken(statistics))
        {
            return -1;
        }

        var token = distribution.Sample(_kernels, CounterRandom.Uniform(job.Seed, job.Round, index, DrawPurpose.Draft));
        if (token >= 0)
        {
            job.Add(token, distribution[token], statistics.Entropy);
        }

        return token;
    }

    // Adds the tokens that the KV cache lacks, up to endPosition, and returns the row of the last.
    private int Feed(TokenBatch batch, DraftJob job, int endPosition, bool wantsLogits)
    {
        var tokens = job.Prefix(job.Tree.Count - 1);
        var row = -1;
        for (var position = _cachedCounts[job.Slot]; position < endPosition; position++)
        {
            var token = _map is null ? tokens[position] : _map.FromTarget(tokens[position]);
            row = batch.Add(token, position, job.Sequence, wantsLogits && position == endPosition - 1);
        }

        _cachedCounts[job.Slot] = endPosition;
        return row;
    }

    private void Trim(int slot, int validCount)
    {
        if (_cachedCounts[slot] <= validCount)
        {
            return;
        }

        if (_runner.TrimSequence(new SequenceId(slot), validCount))
        {
            _cachedCounts[slot] = validCount;
        }
        else
        {
            Forget(slot);
        }
    }

    // After a decode that did not finish, what the KV cache holds is not known: start these slots over.
    private void ForgetUncertainCells(ReadOnlySpan<DraftJob> jobs)
    {
        foreach (var job in jobs)
        {
            job.Row = -1;
            Forget(job.Slot);
        }
    }

    private void Forget(int slot)
    {
        _runner.ReleaseSequence(new SequenceId(slot));
        _cachedCounts[slot] = 0;
    }
}
