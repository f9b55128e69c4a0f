using LlamaSpec.Policies;
using LlamaSpec.Policies.Auto;
using LlamaSpec.Sampling;

namespace LlamaSpec.Tests.Policies;

/// <summary>Plays the engine's part for one request: asks the policy, draws what is accepted, tells the times of a simulated machine.</summary>
internal sealed class PolicySimulator(IDraftLengthPolicy policy, SimulatedMachine machine, SimulatedText text, int seed = 1)
{
    private readonly Random _random = new(seed);
    private readonly double[] _evidence = new double[64];
    private readonly SimulatedSiblings _siblings = new();
    private int _round;
    private int _position = 100;
    private int _missingRows = 1;

    public SimulatedMachine Machine { get; set; } = machine;

    public SimulatedText Text { get; set; } = text;

    public int MaximumLength { get; init; } = 8;

    /// <summary>Whether the target's context has paths for trees.</summary>
    public bool AllowsTrees { get; init; } = true;

    /// <summary>Other requests of each step.</summary>
    public int OtherRequests { get; set; }

    /// <summary>Tokens that each of the others drafts.</summary>
    public int DraftedByOthers { get; set; }

    /// <summary>Relative noise of each measured time.</summary>
    public double Noise { get; init; }

    /// <summary>Share of the rounds in which the machine is held up, thirty times as long.</summary>
    public double SpikeShare { get; init; }

    /// <summary>The last outcome, as the policy was told.</summary>
    public RoundOutcome LastOutcome { get; private set; }

    public static AutoPolicy Auto(AdaptiveState state, int maximumLength = 8) =>
        new(new PolicyContext { Sampling = SamplingOptions.Greedy, MaximumDraftLength = maximumLength, Adaptive = state });

    /// <summary>Tokens a millisecond over so many rounds.</summary>
    public double Speed(int rounds)
    {
        var (tokens, milliseconds) = (0.0, 0.0);
        for (var i = 0; i < rounds; i++)
        {
            var round = Play();
            tokens += round.ExpectedTokens;
            milliseconds += round.Milliseconds;
        }

        return tokens / milliseconds;
    }

    /// <summary>Plays so many rounds, and returns how many tokens each drafted.</summary>
    public int[] Lengths(int rounds) => [.. Enumerable.Range(0, rounds).Select(_ => Play().DraftedCount)];

    public SimulatedRound Play()
    {
        var progress = new DraftProgress
        {
            DraftedCount = 0,
            MaximumLength = MaximumLength,
            ConcurrentRequests = 1 + OtherRequests,
            Position = _position,
            RemainingTokens = int.MaxValue,
            MissingRows = _missingRows,
            BatchRows = 1 + (OtherRequests * (1 + DraftedByOthers)),
            LastProbability = 1,
        };
        var (expectedTokens, survival, accepted, passes, isRejected) = (1.0, 1.0, 0, 0, false);
        var tested = 0;
        _siblings.Clear();
        while (progress.DraftedCount < MaximumLength && policy.BeforePass(progress))
        {
            passes++;
            var position = Text.Next(_round, _random);
            if (!policy.BeforeSampling(progress, new RowStatistics { Entropy = (float)position.Entropy }))
            {
                break;
            }

            _siblings.Show(position, survival);
            survival *= position.Acceptance;
            expectedTokens += survival;
            if (!isRejected)
            {
                isRejected = _random.NextDouble() >= position.Acceptance;
                _evidence[tested++] = isRejected ? 0 : 1;
                accepted += isRejected ? 0 : 1;
            }

            progress = progress with
            {
                DraftedCount = progress.DraftedCount + 1,
                BatchRows = progress.BatchRows + 1,
                MissingRows = 1,
                LastEntropy = position.Entropy,
                LastProbability = position.Acceptance,
                LogProbability = progress.LogProbability + Math.Log(position.Acceptance),
            };
        }

        if (progress.DraftedCount > 0 && AllowsTrees && policy.TreeWidth > 1)
        {
            expectedTokens += _siblings.Add(policy, progress);
            progress = progress with { BatchRows = progress.BatchRows + _siblings.Count };
        }

        return Finish(progress, passes, accepted, tested, expectedTokens);
    }

    private SimulatedRound Finish(in DraftProgress progress, int passes, int accepted, int tested, double expectedTokens)
    {
        var requests = progress.ConcurrentRequests;
        var draft = passes == 0 ? 0 : (passes * Machine.PassMilliseconds) + ((_missingRows - 1) * Machine.MissingRowMilliseconds)
            + (passes * (requests - 1) * Machine.PassMilliseconds / 10);
        var verify = Machine.Verify(progress.BatchRows);
        var (measuredDraft, measuredVerify, measuredOverhead) = (draft * Disturbance(), verify * Disturbance(), Machine.OverheadMilliseconds * Disturbance());
        var tree = _siblings.Tree(progress.DraftedCount);
        var last = accepted - 1;
        if (tree is not null && accepted < progress.DraftedCount && _siblings.TryTake(accepted, _random, out var sibling))
        {
            (last, accepted) = (sibling, accepted + 1);
        }

        LastOutcome = new RoundOutcome
        {
            DraftedCount = progress.DraftedCount + _siblings.Count,
            DraftedDepth = progress.DraftedCount,
            Tree = tree,
            LastNode = last,
            AcceptedCount = accepted,
            MaximumLength = MaximumLength,
            PassCount = passes,
            MissingRows = _missingRows,
            Position = _position,
            ConcurrentRequests = requests,
            BatchRows = progress.BatchRows,
            DraftMilliseconds = measuredDraft,
            VerifyMilliseconds = measuredVerify,
            StepMilliseconds = measuredDraft + measuredVerify + measuredOverhead,
            TargetEntropy = 0.5,
            AcceptanceProbabilities = _evidence.AsMemory(0, tested),
        };
        policy.Observe(LastOutcome);

        // The last drafted token enters the draft's KV cache with a further pass only.
        var cached = passes > progress.DraftedCount ? progress.DraftedCount : Math.Max(0, progress.DraftedCount - 1);
        _missingRows = passes == 0 ? _missingRows + 1 : 1 + accepted - Math.Min(last < progress.DraftedCount ? accepted : accepted - 1, cached);
        _position += accepted + 1;
        _round++;
        return new SimulatedRound(progress.DraftedCount, passes, expectedTokens, draft + verify + Machine.OverheadMilliseconds) { SiblingCount = _siblings.Count };
    }

    private double Disturbance()
    {
        var gauss = Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());
        return Math.Exp(Noise * gauss) * (_random.NextDouble() < SpikeShare ? 30 : 1);
    }
}
