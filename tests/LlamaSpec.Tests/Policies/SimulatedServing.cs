using LlamaSpec.Engine;
using LlamaSpec.Policies;
using LlamaSpec.Policies.Costs;
using LlamaSpec.Sampling;
using LlamaSpec.Scheduling;
using LlamaSpec.Tests.Fakes;

namespace LlamaSpec.Tests.Policies;

/// <summary>
/// The real engine over Markov chains that serves so many requests at once, on a clock that only decodes move: what a pass and
/// its rows take is given, and what the rest takes is nothing.
/// </summary>
internal sealed class SimulatedServing : IDisposable
{
    private const int VocabularySize = 20;
    private const int MostRequests = 8;
    private const int ContextLength = 30_000;

    private readonly SpeculativeEngineOptions _options = new() { ContextLength = ContextLength, ConcurrentRequests = MostRequests };
    private readonly EngineParts _parts;
    private readonly EnginePolicies _policies;
    private readonly EngineCore _core;
    private readonly List<Request> _requests = [];
    private readonly Random _random = new(5);
    private double _milliseconds;
    private ulong _seed;

    /// <param name="prices">What decodes take.</param>
    /// <param name="draftNoise">Noise on the draft's logits: with 0.3 nearly all of its tokens are accepted, with 5 few.</param>
    /// <param name="costs">What the engine knows of the prices; null = nothing.</param>
    public SimulatedServing(ServingPrices prices, float draftNoise, CostProfile? costs = null)
    {
        Prices = prices;
        var clock = new ScriptedClock();
        var target = MarkovModelRunner.Random(VocabularySize, 1);
        var draft = target.Disturbed(2, draftNoise);
        clock.Drive(target, batch => Disturb(Prices.Target(batch.Count)));
        clock.Drive(draft, batch => Disturb(Prices.Draft(batch.Count)));
        _parts = TestEngine.Parts(target, draft) with { Time = clock, Costs = costs };
        _policies = new EnginePolicies(_parts, _options);
        _core = new EngineCore(_parts, _options);
    }

    /// <summary>What decodes take from here on.</summary>
    public ServingPrices Prices { get; set; }

    /// <summary>Relative noise of each time that is measured.</summary>
    public double Noise { get; init; }

    /// <summary>Share of the decodes in which the machine is held up, thirty times as long.</summary>
    public double SpikeShare { get; init; }

    /// <summary>Serves so many requests from here on. The eldest leave; new ones have the policy.</summary>
    public void Serve(int requests, string policy = "auto")
    {
        while (_requests.Count > requests)
        {
            _requests[0].Cancel();
            _core.RemoveCancelled();
            _requests.RemoveAt(0);
        }

        while (_requests.Count < requests)
        {
            var generation = new GenerationRequest { PromptTokens = [1, 2], Sampling = new SamplingOptions { Temperature = 1 } };
            var stop = new StopConditions(generation, _parts.Tokenizer);
            var request = new Request(
                generation, [1, 2], stop, PolicyChoice.Parse(policy), _policies.ContextOf(generation), ++_seed, ContextLength, arrival: 0);
            request.TryStart();
            _core.Admit(request);
            _requests.Add(request);
        }
    }

    /// <summary>Speed of the next steps in units of plain decoding of the same requests, on a quiet machine.</summary>
    public double SpeedUp(int steps)
    {
        var (plain, milliseconds) = Play(steps);
        return plain / milliseconds;
    }

    /// <summary>By what the next steps take longer than plain decoding would for the same tokens, in steps of it. Below 0: they take less.</summary>
    public double LostSteps(int steps)
    {
        var (plain, milliseconds) = Play(steps);
        return (milliseconds - plain) / Prices.Target(_requests.Count);
    }

    public void Dispose() => _core.Dispose();

    private (double PlainMilliseconds, double Milliseconds) Play(int steps)
    {
        _milliseconds = 0;
        var tokens = 0;
        for (var step = 0; step < steps; step++)
        {
            _core.Step();
            foreach (var request in _requests)
            {
                while (request.Tokens.TryRead(out _))
                {
                    tokens++;
                }
            }
        }

        return (tokens * Prices.Target(_requests.Count) / _requests.Count, _milliseconds);
    }

    private double Disturb(double milliseconds)
    {
        _milliseconds += milliseconds;
        var gauss = Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());
        return milliseconds * Math.Exp(Noise * gauss) * (_random.NextDouble() < SpikeShare ? 30 : 1);
    }
}
