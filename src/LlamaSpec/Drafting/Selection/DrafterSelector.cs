using System.Diagnostics.CodeAnalysis;
using LlamaSpec.Drafting.ModelFree;
using LlamaSpec.Engine;
using LlamaSpec.Models;

namespace LlamaSpec.Drafting.Selection;

/// <summary>
/// Chooses who drafts, for each request and round: the drafters that need no model propose and are scored in the shadow, and
/// the most valuable proposal is taken where the draft model is not expected to earn more. A drafter that fails is left out
/// from then on; the others go on.
/// </summary>
[SuppressMessage("Design", "CA1031", Justification = "A drafter may fail in any way; the others may not suffer.")]
public sealed class DrafterSelector : IDrafter
{
    // What asking a drafter may cost, in tokens of plain decoding a round, unless it has been earning more.
    private const double AffordableTokens = 0.004;

    // In tokens: less lies within the error of the estimate, and the rows are certain to cost.
    private const double LeastGainOfCopy = 0.05;

    private readonly IDrafter? _model;
    private readonly int _vocabularySize;
    private readonly SelectorSlot[] _slots;
    private readonly DraftJob[] _modelJobs;
    private readonly ConfidenceLibrary _confidences;
    private string? _missingReason;
    private bool _modelIsLost;

    /// <summary>Creates a selector.</summary>
    /// <param name="model">The draft model's drafter; null = there is none. Owned from here on.</param>
    /// <param name="modelMissingReason">Why there is none.</param>
    /// <param name="modelFree">Makes the drafters that need no model, afresh for each slot.</param>
    /// <param name="slotCount">Requests served at once.</param>
    /// <param name="nodeCapacity">Most nodes of a proposal.</param>
    /// <param name="vocabularySize">Tokens of the target.</param>
    public DrafterSelector(
        IDrafter? model, string? modelMissingReason, Func<IReadOnlyList<IModelFreeDrafter>> modelFree, int slotCount, int nodeCapacity, int vocabularySize)
    {
        ArgumentNullException.ThrowIfNull(modelFree);
        _model = model;
        _modelIsLost = model is null;
        _missingReason = model is null ? modelMissingReason ?? "no draft model was given" : null;
        _vocabularySize = vocabularySize;
        _modelJobs = new DraftJob[slotCount];
        _slots = [.. Enumerable.Range(0, slotCount).Select(_ => new SelectorSlot(modelFree(), nodeCapacity, vocabularySize))];
        _confidences = new ConfidenceLibrary(_slots[0].Drafters.Length);
    }

    /// <summary>A selector for an engine, over the draft model's drafter and all drafters that need no model.</summary>
    /// <param name="model">The draft model's drafter; null = there is none. Owned from here on.</param>
    /// <param name="modelMissingReason">Why there is none.</param>
    /// <param name="trigrams">Tri-grams counted for the target; null = none.</param>
    /// <param name="engine">The engine's options.</param>
    /// <param name="vocabularySize">Tokens of the target.</param>
    internal static DrafterSelector For(IDrafter? model, string modelMissingReason, TrigramTable? trigrams, SpeculativeEngineOptions engine, int vocabularySize) => new(
        model, modelMissingReason, () => ModelFreeDrafters.Create(engine.ContextLength, trigrams),
        engine.ConcurrentRequests, Math.Max(engine.MaximumTreeNodes, engine.MaximumDraftLength), vocabularySize);

    /// <inheritdoc />
    public string? MissingReason => _missingReason;

    /// <inheritdoc />
    public void Begin(int slot, int sharedPrefixLength)
    {
        _slots[slot].Begin();
        if (!_modelIsLost)
        {
            try
            {
                _model!.Begin(slot, sharedPrefixLength);
            }
            catch (Exception error)
            {
                Lose(error);
            }
        }
    }

    /// <inheritdoc />
    public void Observe(int slot, int validCount)
    {
        if (!_modelIsLost)
        {
            try
            {
                _model!.Observe(slot, validCount);
            }
            catch (Exception error)
            {
                Lose(error);
            }
        }
    }

    /// <inheritdoc />
    public void Draft(ReadOnlySpan<DraftJob> jobs)
    {
        var modelCount = 0;
        foreach (var job in jobs)
        {
            var slot = _slots[job.Slot];
            slot.Follow(job, _confidences);
            if (!TryDraftWithoutModel(job, slot) && job.Drafter.AllowsModel && !_modelIsLost)
            {
                _modelJobs[modelCount++] = job;
            }
        }

        if (modelCount > 0)
        {
            DraftWithModel(_modelJobs.AsSpan(0, modelCount));
        }
    }

    /// <inheritdoc />
    public void Dispose() => _model?.Dispose();

    private bool TryDraftWithoutModel(DraftJob job, SelectorSlot slot)
    {
        var best = Best(job, slot, out var bestValue);
        if (best is null || (job.Drafter.AllowsModel && !_modelIsLost && ModelValue(job, slot) >= bestValue))
        {
            return false;
        }

        // Asked again, because the policy notes what it was asked last.
        job.Take(best, job.NodesWorth(best.Ranking.Survival, out _), TokenTree.Anchor);
        try
        {
            job.ThrowIfForeign(_vocabularySize);
            return true;
        }
        catch (ModelFailureException error)
        {
            best.Fail(error);
            job.Withdraw();
            return false;
        }
    }

    private ShadowedDrafter? Best(DraftJob job, SelectorSlot slot, out double bestValue)
    {
        ShadowedDrafter? best = null;
        bestValue = 0;
        for (var i = 0; i < slot.Drafters.Length; i++)
        {
            var drafter = slot.Drafters[i];
            if (!job.Drafter.AllowsModelFree(drafter.Name)
                || !slot.IsWorthAsking(i, job.ValueOfTime, AffordableTokens)
                || !slot.TryPropose(i, job, _confidences))
            {
                continue;
            }

            var count = job.NodesWorth(drafter.Ranking.Survival, out var value);
            slot.LearnGain(i, value);
            if (count > 0 && value > bestValue)
            {
                (best, bestValue) = (drafter, value);
            }
        }

        return best;
    }

    // In tokens. A policy without prices is helped out with what the model's drafts have brought so far.
    private double ModelValue(DraftJob job, SelectorSlot slot)
    {
        job.LagsBy(_model!.MissingRows(job));
        var value = job.PassWorth();
        return double.IsNaN(value) ? slot.ModelAccepted : value;
    }

    private void DraftWithModel(ReadOnlySpan<DraftJob> jobs)
    {
        try
        {
            _model!.Draft(jobs);
            foreach (var job in jobs)
            {
                job.ThrowIfForeign(_vocabularySize);
            }
        }
        catch (Exception error) when (error is not TreeFullException)
        {
            Lose(error);
            foreach (var job in jobs)
            {
                job.Withdraw();
            }

            return;
        }

        foreach (var job in jobs)
        {
            if (job.Tree.Count > 0)
            {
                job.DraftedBy = DrafterChoice.ModelName;
                _slots[job.Slot].ModelDrafts();
                LengthenByCopy(job, _slots[job.Slot]);
            }
        }
    }

    // Where the model's draft ends, text that was seen before may go on: it costs no pass, and below the last node nothing was drawn.
    private void LengthenByCopy(DraftJob job, SelectorSlot slot)
    {
        var tree = job.Tree;
        var room = Math.Min(job.Limits.Length, job.Limits.Nodes) - tree.Count;
        if (!tree.IsChain || room <= 0)
        {
            return;
        }

        var survival = 1.0;
        for (var node = 0; node < tree.Count; node++)
        {
            survival *= job.StepProbability(tree.Probabilities[node], tree.IsSampled[node] != 0);
        }

        for (var i = 0; i < slot.Drafters.Length; i++)
        {
            var drafter = slot.Drafters[i];
            if (drafter.MayLengthen
                && job.Drafter.AllowsModelFree(drafter.Name)
                && drafter.TryProposeBehind(tree.Tokens, room, survival, slot.Table(i, job, _confidences))
                && job.NodesWorth(drafter.Ranking.Survival, out var value) is > 0 and var count
                && value > LeastGainOfCopy)
            {
                job.Take(drafter, count, tree.Count - 1);
                return;
            }
        }
    }

    private void Lose(Exception error)
    {
        _missingReason = $"the drafter failed: {error.Message}";
        _modelIsLost = true;
    }
}
