namespace LlamaSpec.Diagnostics;

/// <summary>Adds up the figures of one request. Times are in timestamp units of the engine's <see cref="TimeProvider"/>.</summary>
internal sealed class RequestStats(int promptTokens, long arrival)
{
    /// <summary>A request that drafted in fewer of its rounds than one in so many has, to its owner, not drafted.</summary>
    public const int RoundsPerDraftToCount = 20;

    private int _generatedTokens;
    private int _firstRoundTokens;
    private int _rounds;
    private int _roundsWithoutDraft;
    private int _draftedTokens;
    private int _acceptedTokens;
    private int _residualFallbacks;
    private int _cutDrafts;
    private long _draft;
    private long _verify;
    private long _sample;
    private long _managed;
    private long _firstToken;
    private long _lastToken;

    public int CachedPromptTokens { get; set; }

    public string? DisabledReason { get; set; }

    public long Rounds => _rounds;

    /// <summary>Whether hardly any round had a draft.</summary>
    public bool DraftedSeldom => (_rounds - _roundsWithoutDraft) * RoundsPerDraftToCount < _rounds;

    public void AddStep(in StepTimes times)
    {
        _draft += times.Draft;
        _verify += times.Verify;
        _sample += times.Sample;
        _managed += times.Managed;
    }

    public void AddRound(int generated, int drafted, int accepted, bool usedFallback, bool wasCut, long now)
    {
        if (_rounds++ == 0)
        {
            _firstToken = now;
            _firstRoundTokens = generated;
        }

        _lastToken = now;
        _generatedTokens += generated;
        _draftedTokens += drafted;
        _acceptedTokens += accepted;
        _roundsWithoutDraft += drafted == 0 ? 1 : 0;
        _residualFallbacks += usedFallback ? 1 : 0;
        _cutDrafts += wasCut ? 1 : 0;
    }

    public SpeculativeStats ToStats(TimeProvider time) => new()
    {
        PromptTokens = promptTokens,
        CachedPromptTokens = CachedPromptTokens,
        GeneratedTokens = _generatedTokens,
        FirstRoundTokens = _firstRoundTokens,
        Rounds = _rounds,
        RoundsWithoutDraft = _roundsWithoutDraft,
        DraftedTokens = _draftedTokens,
        AcceptedTokens = _acceptedTokens,
        ResidualFallbacks = _residualFallbacks,
        CutDrafts = _cutDrafts,
        DraftMilliseconds = time.Milliseconds(_draft),
        VerifyMilliseconds = time.Milliseconds(_verify),
        SampleMilliseconds = time.Milliseconds(_sample),
        ManagedOverheadMilliseconds = time.Milliseconds(_managed),
        TimeToFirstTokenMilliseconds = _rounds == 0 ? 0 : time.Milliseconds(_firstToken - arrival),
        GenerationMilliseconds = time.Milliseconds(_lastToken - _firstToken),
        DisabledReason = DisabledReason,
    };
}
