using LlamaSpec.Engine;
using LlamaSpec.Policies;
using LlamaSpec.Sampling;
using LlamaSpec.Scheduling;
using LlamaSpec.Tests.Fakes;

namespace LlamaSpec.Tests.Engine;

/// <summary>What policies are told of the step that their round was part of.</summary>
public class RoundTeacherTests
{
    [Test]
    public void AllRoundsOfAStepHearOfTheSameWorkAndItIsTheirSum()
    {
        var target = MarkovModelRunner.Random(30, 1);
        var parts = TestEngine.Parts(target, target.Disturbed(2, 0.5f));
        var options = new SpeculativeEngineOptions { ContextLength = 400, ConcurrentRequests = 3 };
        var policies = new EnginePolicies(parts, options);
        using var core = new EngineCore(parts, options);
        List<RoundOutcome> outcomes = [];
        Admit(PolicyChoice.Custom("listening, 2", _ => new Listener(2, outcomes)));
        Admit(PolicyChoice.Custom("listening, 0", _ => new Listener(0, outcomes)));
        Admit(PolicyChoice.Custom("listening, 4", _ => new Listener(4, outcomes)));
        for (var step = 1; step <= 20; step++)
        {
            outcomes.Clear();
            core.Step();
            Assert.That(outcomes, Has.Count.EqualTo(3));
            var work = outcomes[0].Work;
            Assert.That(outcomes, Has.All.Matches<RoundOutcome>(outcome => outcome.Work == work));
            Assert.That(work.Step, Is.EqualTo(step));
            Assert.That(work.Tokens, Is.EqualTo(outcomes.Sum(static outcome => outcome.AcceptedCount + 1)));
            Assert.That((work.DraftingRequests, work.Passes, work.PassRows), Is.EqualTo((2, 4, 6)));
            Assert.That(work.CatchUpRows, Is.EqualTo(outcomes[0].MissingRows + outcomes[2].MissingRows - 2));
        }

        void Admit(PolicyChoice policy)
        {
            var generation = new GenerationRequest { PromptTokens = [1], Sampling = SamplingOptions.Greedy };
            var request = new Request(
                generation, [1], new StopConditions(generation, parts.Tokenizer), policy, policies.ContextOf(generation), 1, options.ContextLength, 0);
            request.TryStart();
            core.Admit(request);
        }
    }

    private sealed class Listener(int length, List<RoundOutcome> outcomes) : IDraftLengthPolicy
    {
        public bool BeforePass(in DraftProgress progress) => progress.DraftedCount < length;

        public bool BeforeSampling(in DraftProgress progress, in RowStatistics distribution) => true;

        public void Observe(in RoundOutcome outcome) => outcomes.Add(outcome);
    }
}
