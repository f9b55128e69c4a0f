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
    // Now and then a draft goes on by one token more than it should: what is never tried is never learned. For half a percent
    // of what drafting brings, so the more seldom the dearer a token.
    private const double ExtensionBudget = 0.005;
    private const double LargestExtensionBudget = 2;

    // Catching up with the text is an investment into the rounds that follow, as far as anybody can look.
    private const int RoundsToRecover = 32;

    // Rounds beyond this many times their expected time count as that.
    private const double LongestSurprise = 2;

    private const string PlainLook = "a round to see what plain decoding takes now";

    private readonly bool _ignoresClock;
    private readonly CostModel _costs;
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
    private double _extensionTokens;
    private bool _isExtending;
    private bool _wasAsked;
    private string? _reason;
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
        _learned = context.Adaptive.For(context.Sampling);
        var predictor = RequestAcceptance.WorthAsking(context.LengthPredictor, _costs.PlainMilliseconds(1, 0));
        _acceptance = new RequestAcceptance(_learned.Acceptance, context.MaximumDraftLength, predictor);
        _tree = new RequestTree(_learned.Siblings, _costs, context.Sampling.IsGreedy, context.MaximumDraftLength);
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

        var value = Price(progress).BestValue(
            _survival, _acceptance.Next(progress.LastEntropy, progress.DraftedCount), _acceptance.FurtherAhead,
            _costs.NextPassMilliseconds(progress.ConcurrentRequests));
        if (value > 0 || MayExtend(-value))
        {
            _expectedMilliseconds += _costs.NextPassMilliseconds(progress.ConcurrentRequests);
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
            survival, _acceptance.Next(distribution.Entropy, index + 1), _acceptance.FurtherAhead,
            _costs.NextPassMilliseconds(progress.ConcurrentRequests), rowsAhead: 1);
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
    public bool BeforeBranch(in DraftProgress progress, double value) =>
        _tree.PaysForBranch(Price(progress), _tokensPerMillisecond, value, _acceptance.FurtherAhead);

    /// <inheritdoc />
    public double ValueOfTime => _tokensPerMillisecond;

    /// <inheritdoc />
    public int NodesWorth(in DraftProgress progress, ReadOnlySpan<double> survival, out double value)
    {
        value = 0;
        if (progress.DraftedCount == 0)
        {
            Begin(progress);
            if (progress.ConcurrentRequests == 1 && _costs.WantsPlainRound)
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

        // A round that the machine held up says nothing about its draft.
        var milliseconds = Math.Min(outcome.StepMilliseconds, LongestSurprise * _expectedMilliseconds);
        Judge(outcome, _costs.PlainMilliseconds(outcome.ConcurrentRequests, outcome.Position), milliseconds);
    }

    private void Judge(in RoundOutcome outcome, double plainMilliseconds, double milliseconds)
    {
        var tokens = outcome.AcceptedCount + 1;
        var speed = _learned.Speed;
        speed.Add(tokens * plainMilliseconds, milliseconds);
        _learned.Speed = speed;
        _ownSpeed.Add(tokens * plainMilliseconds, milliseconds);
        _learned.Probes.Add(tokens, isDrafting: outcome.PassCount > 0);
        if (outcome.PassCount == 0)
        {
            _learned.Guard.AddPlain();
            return;
        }

        _extensionTokens = Math.Min(_extensionTokens + (ExtensionBudget * tokens), LargestExtensionBudget);
        var lost = _learned.Guard.Add(tokens * plainMilliseconds, milliseconds);
        if (lost > 0)
        {
            _learned.Probes.TryPay(lost);
            _learned.Probes.End(pays: false);
        }

        if (IsProbing && (!_learned.Probes.TryPay((milliseconds / plainMilliseconds) - tokens) || --_probeRounds == 0))
        {
            _probeRounds = 0;
            _learned.Probes.End(_firstAcceptance > _firstPassTokens);
        }
    }

    private void Begin(in DraftProgress progress)
    {
        if (_rounds == 0)
        {
            _ownSpeed = _learned.Speed.Remembered();
        }

        // The time of a step is that of all its requests: what they would do with it, plainly or as they have been doing.
        var requests = progress.ConcurrentRequests;
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

        var (value, passMilliseconds, lagMilliseconds) = Weigh(progress);
        var pays = value > 0;
        if (!IsProbing && progress.ConcurrentRequests == 1 && _costs.WantsPlainRound)
        {
            _reason = PlainLook;
            return false;
        }

        if (!IsProbing && !pays)
        {
            _reason = "a first pass would cost more than its token is likely to earn";
            _probeRounds = progress.RemainingTokens <= ProbeSchedule.RoundsPerProbe ? 0
                : _learned.Probes.TryStart(lagMilliseconds / _plainMilliseconds, _firstPassTokens - _firstAcceptance);
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
        var passMilliseconds = _costs.FirstPassMilliseconds(1, requests) + _costs.OverheadMilliseconds(drafts: true) - _costs.OverheadMilliseconds(drafts: false);
        var lagMilliseconds = _costs.FirstPassMilliseconds(progress.MissingRows, requests) - _costs.FirstPassMilliseconds(1, requests);
        _firstAcceptance = _acceptance.First;
        _firstPassTokens = (_tokensPerMillisecond * passMilliseconds) + price.Row;
        var value = price.BestValue(1, _firstAcceptance, _acceptance.FurtherAhead, passMilliseconds);
        var rounds = Math.Max(1, Math.Min(progress.RemainingTokens, RoundsToRecover));
        return (value - (_tokensPerMillisecond * lagMilliseconds / rounds), passMilliseconds, lagMilliseconds);
    }

    private bool MayExtend(double loss)
    {
        _isExtending = double.IsFinite(loss) && _extensionTokens > loss;
        _extensionTokens -= _isExtending ? loss : 0;
        return _isExtending;
    }

    private DraftPrice Price(in DraftProgress progress) => new(_costs, _tokensPerMillisecond, progress);
}
