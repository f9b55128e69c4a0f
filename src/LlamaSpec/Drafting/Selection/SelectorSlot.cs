using System.Diagnostics.CodeAnalysis;
using LlamaSpec.Drafting.ModelFree;
using LlamaSpec.Sampling;

namespace LlamaSpec.Drafting.Selection;

/// <summary>The model-free drafters of one request, and what each of them has been worth to it.</summary>
[SuppressMessage("Design", "CA1031", Justification = "A drafter may fail in any way; the others may not suffer.")]
internal sealed class SelectorSlot
{
    // The last dozen answers of a drafter, and of the model.
    private const double Keep = 0.9;

    // Before the model has drafted at all: about one token a round, as a usable draft gives.
    private const double FirstModelAccepted = 1;

    private readonly ShadowedDrafter[] _drafters;
    private readonly double[] _gains;
    private readonly int[] _roundsUnasked;

    // For requests that are to be replayed: nothing of other requests may matter.
    private readonly ConfidenceLibrary _own;
    private int _knownCount;
    private bool _modelDrafted;

    public SelectorSlot(IReadOnlyList<IModelFreeDrafter> drafters, int nodeCapacity, int vocabularySize)
    {
        _drafters = [.. drafters.Select(drafter => new ShadowedDrafter(drafter, nodeCapacity, vocabularySize))];
        _gains = new double[_drafters.Length];
        _roundsUnasked = new int[_drafters.Length];
        _own = new ConfidenceLibrary(_drafters.Length);
    }

    public ReadOnlySpan<ShadowedDrafter> Drafters => _drafters;

    /// <summary>Tokens that the draft model's drafts have been accepted with, a round.</summary>
    public double ModelAccepted { get; private set; }

    /// <summary>Another request starts.</summary>
    public void Begin()
    {
        _knownCount = 0;
        _modelDrafted = false;
        ModelAccepted = FirstModelAccepted;
        _own.Clear();
        Array.Clear(_gains);
        Array.Clear(_roundsUnasked);
        foreach (var drafter in _drafters)
        {
            drafter.TryBegin();
        }
    }

    /// <summary>Takes the tokens that were committed since the last round.</summary>
    public void Follow(DraftJob job, ConfidenceLibrary shared)
    {
        var tokens = job.Tokens.Committed[_knownCount..];
        if (_modelDrafted)
        {
            ModelAccepted = (ModelAccepted * Keep) + ((1 - Keep) * (tokens.Length - 1));
            _modelDrafted = false;
        }

        for (var i = 0; i < _drafters.Length; i++)
        {
            _drafters[i].TryAppend(tokens, Table(i, job, shared));
        }

        _knownCount = job.Tokens.CommittedCount;
    }

    /// <summary>Whether asking a drafter in this round costs little, or has been paying.</summary>
    /// <param name="drafter">Its index.</param>
    /// <param name="valueOfTime">Tokens that a millisecond could give otherwise.</param>
    /// <param name="affordableTokens">What may be spent on it in each round, in tokens.</param>
    public bool IsWorthAsking(int drafter, double valueOfTime, double affordableTokens)
    {
        var cost = valueOfTime * _drafters[drafter].NominalMilliseconds;
        var isDue = cost <= affordableTokens * ++_roundsUnasked[drafter] || _gains[drafter] > cost;
        _roundsUnasked[drafter] = isDue ? 0 : _roundsUnasked[drafter];
        return isDue;
    }

    /// <summary>Lets a drafter propose and ranks what it proposes; false when there is nothing.</summary>
    public bool TryPropose(int drafter, DraftJob job, ConfidenceLibrary shared) =>
        _drafters[drafter].TryPropose(job.Progress.MaximumLength, job.Limits.Paths, Table(drafter, job, shared));

    /// <summary>Learns what a drafter's proposal was thought to be worth beyond the time that the proposing took.</summary>
    public void LearnGain(int drafter, double value) => _gains[drafter] = (_gains[drafter] * Keep) + ((1 - Keep) * Math.Max(0, value));

    /// <summary>Notes that the model drafts in this round.</summary>
    public void ModelDrafts() => _modelDrafted = true;

    public ConfidenceTable Table(int drafter, DraftJob job, ConfidenceLibrary shared) =>
        (Replays(job.Sampling) ? _own : shared).For(drafter, job.Sampling);

    private static bool Replays(SamplingOptions sampling) => sampling is { Seed: not null, IsGreedy: false };
}
