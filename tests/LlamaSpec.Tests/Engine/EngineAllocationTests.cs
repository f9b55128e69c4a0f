using LlamaSpec.Engine;
using LlamaSpec.Policies;
using LlamaSpec.Sampling;
using LlamaSpec.Scheduling;
using LlamaSpec.Tests.Fakes;

namespace LlamaSpec.Tests.Engine;

/// <summary>A warm step allocates nothing, whatever the policy decides in it.</summary>
public class EngineAllocationTests
{
    private const int VocabularySize = 50;

    [Test]
    public void WarmStepsAllocateNothing([Values(0f, 0.8f)] float temperature, [Values("fixed:3", "adaedl", "off", "auto", "hillclimb", "expected-throughput", "tree")] string policy)
    {
        var target = MarkovModelRunner.Random(VocabularySize, 1);
        var parts = TestEngine.Parts(target, target.Disturbed(2, 0.5f));

        Assert.That(AllocatedWhenWarm(parts, policy, temperature, requestCount: 2, warmUpSteps: 1000, steps: 1000), Is.Zero);
    }

    // What a busy machine makes of the times by chance, a script does here: drafts that cost nothing, then too much, then nearly so.
    [Test]
    public void StepsOfAutoAllocateNothingWhileDraftsPayAndWhileTheyDoNot([Values(0f, 0.8f)] float temperature)
    {
        Drafts seen = default;
        var allocated = -1L;

        // The first time compiles what the second one runs.
        for (var time = 0; time < 2; time++)
        {
            (seen, allocated) = RunScript(temperature);
        }

        Assert.That(allocated, Is.Zero);
        Assert.That(seen.Longest, Is.EqualTo(new SpeculativeEngineOptions().MaximumDraftLength));
        Assert.That(seen.WereOff, Is.True);
        Assert.That(seen.WereTriedAgain, Is.True);
    }

    [Test]
    public void StepsOfAutoForSeveralRequestsAllocateNothingWhileTheirPricesAreLearned([Values(0f, 0.8f)] float temperature)
    {
        var (seen, allocated) = (default(Drafts), -1L);
        for (var time = 0; time < 2; time++)
        {
            (seen, allocated) = RunScript(temperature, requestCount: 4);
        }

        Assert.That(allocated, Is.Zero);
        Assert.That(seen.Longest, Is.GreaterThan(1));
    }

    private static (Drafts Seen, long Allocated) RunScript(float temperature, int requestCount = 1)
    {
        const int FirstDearStep = 300, FirstFairStep = 600, Steps = 1800;
        var clock = new ScriptedClock();
        var target = MarkovModelRunner.Random(VocabularySize, 1);
        var draft = target.Disturbed(2, 0.35f);
        var step = 0;
        clock.Drive(target, static () => 10);
        clock.Drive(draft, () => step < FirstDearStep ? 0.05 : step < FirstFairStep ? 15 : 8);
        var seen = default(Drafts);
        var allocated = AllocatedWhenWarm(TestEngine.Parts(target, draft) with { Time = clock }, "auto", temperature, requestCount, warmUpSteps: 10, Steps, Look);
        return (seen, allocated);

        void Look(Request request)
        {
            step++;
            seen.Add(request);
        }
    }

    private static long AllocatedWhenWarm(
        EngineParts parts, string policy, float temperature, int requestCount, int warmUpSteps, int steps, Action<Request>? look = null)
    {
        var options = new SpeculativeEngineOptions { ContextLength = 20_000, ConcurrentRequests = requestCount };
        var policies = new EnginePolicies(parts, options);
        using var core = new EngineCore(parts, options);
        var requests = Enumerable.Range(0, requestCount).Select(NewRequest).ToArray();
        foreach (var request in requests)
        {
            request.TryStart();
            core.Admit(request);
        }

        Run(warmUpSteps);

        // A collection that is still under way in the background counts what is left of the thread's allocation buffer as allocated.
        GC.Collect();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Run(steps);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        foreach (var request in requests)
        {
            Assert.That(request.IsRunning, Is.True, () => $"The request ended, and steps without one tell nothing: {request.FinishReason}{request.Tokens.Completion.Exception}");
        }

        Assert.That(requests[0].Stats.Rounds, Is.GreaterThanOrEqualTo(warmUpSteps + steps - 1));
        return allocated;

        void Run(int count)
        {
            for (var i = 0; i < count; i++)
            {
                core.Step();
                foreach (var request in requests)
                {
                    look?.Invoke(request);
                    while (request.Tokens.TryRead(out _))
                    {
                    }
                }
            }
        }

        Request NewRequest(int seed)
        {
            var generation = new GenerationRequest
            {
                PromptTokens = [1, 2],
                Sampling = new SamplingOptions { Temperature = temperature, FrequencyPenalty = 0.1f },
                StopTexts = ["zzzzzz"],
            };
            var stop = new StopConditions(generation, parts.Tokenizer);
            return new Request(generation, [1, 2], stop, PolicyChoice.Parse(policy), policies.ContextOf(generation), (ulong)seed, options.ContextLength, 0);
        }
    }

    private struct Drafts
    {
        public int Longest { get; private set; }

        public bool WereOff { get; private set; }

        public bool WereTriedAgain { get; private set; }

        public void Add(Request request)
        {
            Longest = Math.Max(Longest, request.Slot?.Job.Tree.Depth ?? 0);
            WereTriedAgain |= WereOff && request.Slot?.Job.PassCount > 0;
            WereOff |= request.Policy.Explanation.Reason?.StartsWith("off:", StringComparison.Ordinal) ?? false;
        }
    }
}
