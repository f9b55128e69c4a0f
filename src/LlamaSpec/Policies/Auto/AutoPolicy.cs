using System.Globalization;
using LlamaSpec.Diagnostics;
using LlamaSpec.Policies.Costs;
using LlamaSpec.Sampling;

namespace LlamaSpec.Policies.Auto;

/// <summary>
/// Drafts while it pays: each pass and each row has a measured price, each token a calibrated probability of being accepted,
/// and time has a value, the speed at which this request runs anyway. Length 0 is the answer where the first pass costs more
/// than it earns. The rules are tests A and B of the algorithm notes, section 3.
/// </summary>
public sealed class AutoPolicy : IDraftLengthPolicy
{
    // Catching up with the text is an investment into the rounds that follow, as far as anybody can look.
    private const int RoundsToRecover = 32;

    private const string PlainLook = "a round to see what plain decoding takes now";

    private readonly bool _ignoresClock;
    private readonly CostModel _costs;
    private readonly Companions _companions;
    private readonly LearnedSampling _learned;
    private readonly RequestAcceptance _acceptance;
    private readonly RequestTree _tree;
    private SpeedEstimate _ownSpeed;
    private double _tokensPerMillisecond;
    private double _plainMilliseconds;
    private double _survival;
    private double _expectedTokens;
    private double _expectedMilliseconds;
    private double _firstPassTokens;
    private double _firstAcceptance;
    private int _probeRounds;
    private ExtensionAccount _extensions;
    private bool _isExtending;
    private bool _wasAsked;
    private string? _reason;
    private int _requests;
    private int _rounds;
    private int _draftingRounds;

    /// <summary>Creates one for a request.</summary>
    /// <param name="context">The request, and what its engine has learned.</param>
    /// <param name="ignoresClock">Whether times are not learned from, so that the same text is drafted in the same way again.</param>
    public AutoPolicy(PolicyContext context, bool ignoresClock = false)
    {
        ArgumentNullException.ThrowIfNull(context);
        _ignoresClock = ignoresClock;
        _costs = context.Adaptive.Costs;
        _companions = context.Adaptive.Companions;
        _learned = context.Adaptive.For(context.Sampling);
        var predictor = RequestAcceptance.WorthAsking(context.LengthPredictor, _costs.PlainMilliseconds(1, 0));
        _acceptance = new RequestAcceptance(_learned.Acceptance, context.MaximumDraftLength, predictor);
        _tree = new RequestTree(_learned.Siblings, context.Sampling.IsGreedy, context.MaximumDraftLength);
        Needs = PolicyNeeds.AcceptanceProbabilities | (predictor is null ? PolicyNeeds.None : PolicyNeeds.HiddenRow);
    }

    /// <inheritdoc />
    public PolicyNeeds Needs { get; }

    /// <inheritdoc />
    public RoundExplanation Explanation => new(_reason, _expectedTokens, _expectedMilliseconds);

    /// <inheritdoc />
    public string? DisabledReason => _rounds == 0 || _draftingRounds * RequestStats.RoundsPerDraftToCount >= _rounds ? null
        : _firstPassTokens == 0 ? "nothing in the text was worth copying"
        : _learned.Guard.IsOff ? "rounds with a draft were measured to be slower than plain decoding; it is tried again now and then"
        : string.Create(CultureInfo.InvariantCulture,
            $"drafting does not pay here: a first drafted token costs the time of {_firstPassTokens:0.00} tokens and is accepted with probability {_firstAcceptance:0.00}");

    private bool IsProbing => _probeRounds > 0;

    /// <inheritdoc />
    public bool BeforePass(in DraftProgress progress)
    {
        if (progress.DraftedCount == 0)
        {
            Begin(progress);
            return StartsDraft(progress);
        }

        var acceptance = _acceptance.Next(progress.LastEntropy, progress.DraftedCount);
        var price = Price(progress, nextPass: progress.DraftedCount);
        var value = price.BestValue(_survival, acceptance, _acceptance.FurtherAhead, price.NextPassMilliseconds);
        _companions.Add(progress.ConcurrentRequests, progress.DraftedCount, wants: value > 0 || SharedByAll(progress, acceptance) > 0);
        _isExtending = value <= 0 && _extensions.TryPay(-value);
        if (value > 0 || _isExtending)
        {
            _expectedMilliseconds += price.NextPassMilliseconds;
            return true;
        }

        _reason = "another pass would cost more than its token is likely to earn";
        return false;
    }

    /// <inheritdoc />
    public bool BeforeSampling(in DraftProgress progress, in RowStatistics distribution)
    {
        var index = progress.DraftedCount;
        var survival = _survival * _acceptance.Known(distribution.Entropy, index);
        var price = Price(progress);
        var further = price.BestValue(
            survival, _acceptance.Next(distribution.Entropy, index + 1), _acceptance.FurtherAhead, price.NextPassMilliseconds, rowsAhead: 1);
        var isForced = _isExtending || (IsProbing && index == 0);
        if (!isForced && survival - price.Row + Math.Max(further, 0) <= 0)
        {
            _reason = "the next token is too uncertain for the row that it costs";
            return false;
        }

        _isExtending = false;
        _survival = survival;
        _expectedTokens += survival;
        _expectedMilliseconds += price.Row / _tokensPerMillisecond;
        _reason = "the longest draft of this round";
        return true;
    }

    /// <inheritdoc />
    public int TreeWidth => _tree.Width;

    /// <inheritdoc />
    public double StepProbability(double draftProbability, bool isSampled) => _tree.StepProbability(draftProbability);

    /// <inheritdoc />
    public bool BeforeBranch(in DraftProgress progress, double value) => Price(progress).PaysForBranch(value, _acceptance.FurtherAhead);

    /// <inheritdoc />
    public double ValueOfTime => _tokensPerMillisecond;

    /// <inheritdoc />
    public int NodesWorth(in DraftProgress progress, ReadOnlySpan<double> survival, out double value)
    {
        value = 0;
        if (progress.DraftedCount == 0)
        {
            Begin(progress);
            if (_costs.WantsPlainStep(progress.ConcurrentRequests))
            {
                _reason = PlainLook;
                return 0;
            }
        }

        var count = Price(progress).NodesWorth(survival, out value, out var milliseconds);
        _expectedTokens += value + (milliseconds * _tokensPerMillisecond);
        _expectedMilliseconds += milliseconds;
        _reason = count > 0 && progress.DraftedCount == 0 ? "text that was seen before is likely to go on alike" : _reason;
        return count;
    }

    /// <inheritdoc />
    public double PassWorth(in DraftProgress progress)
    {
        Begin(progress);
        return _learned.Guard.IsOff ? 0 : Weigh(progress).Value;
    }

    /// <inheritdoc />
    public void Observe(in RoundOutcome outcome)
    {
        _acceptance.Learn(_tree.Learn(outcome));
        _rounds++;
        _draftingRounds += outcome.DraftedCount > 0 ? 1 : 0;
        if (!_ignoresClock)
        {
            LearnTimes(outcome);
        }
    }

    private void LearnTimes(in RoundOutcome outcome)
    {
        _costs.Observe(outcome);
        var wasAsked = _wasAsked;
        _wasAsked = false;
        if (outcome.PromptRows > 0 || outcome.StepMilliseconds <= 0 || !wasAsked)
        {
            return;
        }

        var step = StepVerdict.Of(outcome, _costs, _expectedMilliseconds);
        _learned.Speed(outcome.ConcurrentRequests).Add(step.PlainMilliseconds, step.Milliseconds);
        _ownSpeed.Add(step.PlainMilliseconds, step.Milliseconds);
        _learned.Probes.Add(outcome.AcceptedCount + 1, isDrafting: outcome.PassCount > 0);
        if (outcome.PassCount == 0)
        {
            _learned.GuardPlain(outcome);
        }
        else
        {
            JudgeDraft(outcome, step);
        }
    }

    private void JudgeDraft(in RoundOutcome outcome, in StepVerdict step)
    {
        _extensions.Earn(outcome.AcceptedCount + 1);
        var lost = _learned.GuardDraft(outcome, step);
        if (lost > 0)
        {
            _learned.Probes.TryPay(lost);
            _learned.Probes.End(pays: false);
        }

        if (IsProbing && (!_learned.Probes.TryPay(step.LossPerDraft) || --_probeRounds == 0))
        {
            _probeRounds = 0;
            _learned.Probes.End(_firstAcceptance > _firstPassTokens);
        }
    }

    private void Begin(in DraftProgress progress)
    {
        var requests = progress.ConcurrentRequests;
        if (requests != _requests)
        {
            _requests = requests;
            _ownSpeed = _learned.Speed(requests).Remembered();
        }

        // The time of a step is that of all its requests: what they would do with it, plainly or as they have been doing.
        _plainMilliseconds = _costs.PlainMilliseconds(requests, progress.Position);
        _tokensPerMillisecond = requests * Math.Max(1, _ownSpeed.SpeedUp) / _plainMilliseconds;
        _wasAsked = true;
        _survival = 1;
        _expectedTokens = 0;
        _expectedMilliseconds = _plainMilliseconds;
        _isExtending = false;
        _acceptance.Begin();
    }

    private bool StartsDraft(in DraftProgress progress)
    {
        if (_learned.Guard.IsOff)
        {
            _reason = "off: drafts were measured to be slower than plain decoding";
            return false;
        }

        // Several requests look together, or nobody sees anything.
        var (value, passMilliseconds, lagMilliseconds) = Weigh(progress);
        if ((!IsProbing || progress.ConcurrentRequests > 1) && _costs.WantsPlainStep(progress.ConcurrentRequests))
        {
            _reason = PlainLook;
            return false;
        }

        if (!IsProbing && value <= 0)
        {
            _reason = "a first pass would cost more than its token is likely to earn";
            _probeRounds = progress.RemainingTokens <= ProbeSchedule.RoundsPerProbe ? 0
                : _learned.Probes.TryStart(progress.ConcurrentRequests * lagMilliseconds / _plainMilliseconds, _firstPassTokens - _firstAcceptance);
            if (!IsProbing)
            {
                return false;
            }
        }

        _expectedMilliseconds += passMilliseconds + lagMilliseconds;
        _tree.Begin(Price(progress));
        return true;
    }

    // What a draft from here on is worth, in tokens, the share of catching up included; and the milliseconds that it begins with.
    private (double Value, double PassMilliseconds, double LagMilliseconds) Weigh(in DraftProgress progress)
    {
        var price = Price(progress);
        var requests = progress.ConcurrentRequests;
        var sharing = _companions.Sharing(requests, 0);
        var passMilliseconds = _costs.FirstPassMilliseconds(1, requests, sharing) + _costs.DraftOverheadMilliseconds(requests);
        var lagMilliseconds = _costs.FirstPassMilliseconds(progress.MissingRows, requests) - _costs.FirstPassMilliseconds(1, requests);
        _firstAcceptance = _acceptance.First;
        _firstPassTokens = (_tokensPerMillisecond * passMilliseconds) + price.Row;
        var value = price.BestValue(1, _firstAcceptance, _acceptance.FurtherAhead, passMilliseconds);
        var rounds = Math.Max(1, Math.Min(progress.RemainingTokens, RoundsToRecover));
        var lag = _tokensPerMillisecond * lagMilliseconds / rounds;
        _companions.Add(requests, 0, wants: value > lag || SharedByAll(progress, _firstAcceptance) > lag);
        return (value - lag, passMilliseconds, lagMilliseconds);
    }

    // The value of going on if all requests of the step did.
    private double SharedByAll(in DraftProgress progress, double acceptance)
    {
        var requests = progress.ConcurrentRequests;
        var milliseconds = progress.DraftedCount > 0 ? _costs.NextPassMilliseconds(requests)
            : _costs.FirstPassMilliseconds(1, requests) + _costs.DraftOverheadMilliseconds(requests);
        return new DraftPrice(_costs, _tokensPerMillisecond, progress, requests).BestValue(_survival, acceptance, _acceptance.FurtherAhead, milliseconds);
    }

    private DraftPrice Price(in DraftProgress progress) => Price(progress, progress.DraftedCount + 1);

    private DraftPrice Price(in DraftProgress progress, int nextPass) =>
        new(_costs, _tokensPerMillisecond, progress, _companions.Sharing(progress.ConcurrentRequests, nextPass));
}
