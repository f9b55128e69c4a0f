using LlamaSpec.Drafting;
using LlamaSpec.Engine;
using LlamaSpec.Models;
using LlamaSpec.Policies;
using LlamaSpec.Sampling;
using LlamaSpec.Tests.Drafting;
using LlamaSpec.Tests.Fakes;
using LlamaSpec.Verification;

namespace LlamaSpec.Tests.Engine;

/// <summary>Rounds that draft trees give the target's text, and leave both KV caches as chains would.</summary>
public class EngineTreeTests
{
    private static readonly SpeculativeEngineOptions FourRequests = new() { ContextLength = 64, ConcurrentRequests = 4 };

    [TestCase("tree:2", 1, 1f, 0.5f)]
    [TestCase("tree:2", 3, 1f, 1f)]
    [TestCase("tree:3x3", 1, 0.7f, 1f)]
    [TestCase("tree:3x3", 3, 0.7f, 0.5f)]
    [TestCase("tree:3x3", 3, 1f, 3f)]
    [TestCase("tree:4x3x7", 4, 0.9f, 1f)]
    [TestCase("tree:4x1x3", 1, 1f, 1f)]
    public async Task AnswersAreDistributedAsTheTargetAlone(string policy, int draftPaths, float temperature, float draftNoise)
    {
        var target = Target();
        await using var engine = TestEngine.CreateBranching(target, target.Disturbed(seed: 12, draftNoise), draftPaths, FourRequests);
        var counts = await EngineLosslessnessTests.CountAnswersAsync(engine, PolicyChoice.Parse(policy), temperature: temperature);
        Assert.That(EngineLosslessnessTests.ChiSquarePValue(counts, EngineLosslessnessTests.ExpectedProbabilities(target, temperature: temperature)), Is.GreaterThan(EngineLosslessnessTests.Significance));
    }

    [Test]
    public async Task AutoGrowsTreesWhereRowsAreCheap([Values(1, 3)] int draftPaths)
    {
        var target = MarkovModelRunner.Random(40, 1, sequenceCount: 48);
        await using var plain = TestEngine.Create(target.Disturbed(0, 0), null);
        var draft = new ModelDrafter(target.Disturbed(101, 1f), null, new ManagedKernels(), draftPaths);
        await using var engine = new SpeculativeEngine(
            TestEngine.Parts(target, null) with { Drafter = draft, Time = new TestEngine.StandingClock(), Costs = TestEngine.CheapDrafts });
        var most = 0;
        target.OnDecode = batch =>
        {
            most = Math.Max(most, batch.SequenceCounts[0]);
            return null;
        };
        var request = new GenerationRequest { Prompt = "hello", MaximumTokens = 300, Sampling = SamplingOptions.Greedy, Policy = PolicyChoice.Auto };
        var actual = await engine.CompleteAsync(request);
        Assert.That(actual.Tokens, Is.EqualTo((await plain.CompleteAsync(request with { Policy = PolicyChoice.Off })).Tokens));
        Assert.That(most, Is.GreaterThan(1), "An anchor token belonged to several paths.");
    }

    [TestCase(1)]
    [TestCase(3)]
    public async Task PenalisedAnswersAreDistributedAsTheTargetAlone(int draftPaths)
    {
        const float frequency = 1.1f;
        var target = Target();
        await using var engine = TestEngine.CreateBranching(target, target.Disturbed(seed: 12, 0.5f), draftPaths, FourRequests);
        var counts = await EngineLosslessnessTests.CountAnswersAsync(engine, PolicyChoice.Parse("tree:3x3"), frequency);
        Assert.That(EngineLosslessnessTests.ChiSquarePValue(counts, EngineLosslessnessTests.ExpectedProbabilities(target, frequency)), Is.GreaterThan(EngineLosslessnessTests.Significance));
    }

    [Test]
    public async Task AChainThatMightHaveBranchedIsVerifiedTokenByToken()
    {
        // The same tokens are drawn; which rule judges them must not depend on what they are.
        var chance = 0;
        for (ulong seed = 0; seed < 40; seed++)
        {
            var branching = await TextAsync(seed, VerificationRule.Block, PolicyChoice.Custom("asking", static _ => new AskingPolicy { Wanted = 0 }));
            Assert.That(branching, Is.EqualTo(await TextAsync(seed, VerificationRule.Token, PolicyChoice.Fixed(4))));
            chance += branching.SequenceEqual(await TextAsync(seed, VerificationRule.Block, PolicyChoice.Fixed(4))) ? 0 : 1;
        }

        Assert.That(chance, Is.Positive, "The rules can be told apart.");
    }

    [Test]
    public async Task ACertainEndBehindSomeDrawnTokensChangesNothingOfWhatBecomesOfThose([Values] VerificationRule rule)
    {
        // The end is there for some drawn tokens and not for others: a rule of its own would choose among them.
        for (ulong seed = 0; seed < 400; seed++)
        {
            Assert.That((await TextWithEndAsync(seed, rule, endToken: 3)).Take(3), Is.EqualTo((await TextWithEndAsync(seed, rule, endToken: null)).Take(3)));
        }
    }

    [TestCase(VerificationRule.Block)]
    [TestCase(VerificationRule.Token)]
    public async Task AnswersWithCertainEndsAreDistributedAsTheTargetAlone(VerificationRule rule)
    {
        var target = Target();
        await using var engine = new SpeculativeEngine(TestEngine.Parts(target, null) with { Drafter = new EndingDrafter(3) }, FourRequests with { Verification = rule });
        var counts = await EngineLosslessnessTests.CountAnswersAsync(engine, PolicyChoice.Fixed(3));
        Assert.That(EngineLosslessnessTests.ChiSquarePValue(counts, EngineLosslessnessTests.ExpectedProbabilities(target)), Is.GreaterThan(EngineLosslessnessTests.Significance));
    }

    [Test]
    public async Task ACertainNodeThatIsDroppedForItsDrawnChildIsNoticed()
    {
        var target = Target();
        await using var engine = new SpeculativeEngine(TestEngine.Parts(target, null) with { Drafter = new PruningDrafter() }, FourRequests);
        var counts = await EngineLosslessnessTests.CountAnswersAsync(engine, PolicyChoice.Fixed(2));
        Assert.That(EngineLosslessnessTests.ChiSquarePValue(counts, EngineLosslessnessTests.ExpectedProbabilities(target)), Is.LessThan(EngineLosslessnessTests.Significance));
    }

    [Test]
    public async Task GreedyTextIsThatOfPlainDecoding(
        [Values("tree:2", "tree:3x4", "tree:8x8", "tree:2x6x9")] string policy, [Values(1, 4)] int draftPaths, [Range(1, 3)] int seed)
    {
        var target = MarkovModelRunner.Random(40, seed, sequenceCount: 48);
        await using var plain = TestEngine.Create(target.Disturbed(0, 0), null);
        await using var trees = TestEngine.CreateBranching(target, target.Disturbed(seed + 100, 0.7f), draftPaths);
        await using var chains = TestEngine.Create(target.Disturbed(0, 0), target.Disturbed(seed + 100, 0.7f));
        var request = new GenerationRequest { Prompt = "hello", MaximumTokens = 200, Sampling = SamplingOptions.Greedy };
        var choice = PolicyChoice.Parse(policy);

        var expected = await plain.CompleteAsync(request);
        var actual = await trees.CompleteAsync(request with { Policy = choice });
        var depth = int.Parse(choice.Name.Split(':', 'x')[2], System.Globalization.CultureInfo.InvariantCulture);
        var chain = await chains.CompleteAsync(request with { Policy = PolicyChoice.Fixed(depth) });

        Assert.That(actual.Tokens, Is.EqualTo(expected.Tokens));
        Assert.That(actual.LogProbabilities, Is.EqualTo(expected.LogProbabilities).Within(1e-5f));
        Assert.That(actual.Stats.Rounds, Is.LessThanOrEqualTo(chain.Stats.Rounds), "A tree has the chain in it.");
    }

    [TestCase(1)]
    [TestCase(3)]
    public async Task APenalisedGreedyTextIsThatOfPlainDecoding(int draftPaths)
    {
        var target = MarkovModelRunner.Random(12, 2, sequenceCount: 48);
        await using var plain = TestEngine.Create(target.Disturbed(0, 0), null);
        await using var trees = TestEngine.CreateBranching(target, target.Disturbed(102, 0.3f), draftPaths);
        var sampling = SamplingOptions.Greedy with { RepetitionPenalty = 1.3f, FrequencyPenalty = 0.4f, PresencePenalty = 0.2f, PenaltyWindow = 8, LogitBias = [new(3, 1.5f), new(4, float.NegativeInfinity)] };
        var request = new GenerationRequest { Prompt = "hello", MaximumTokens = 200, Sampling = sampling, Policy = PolicyChoice.Parse("tree:3x5") };

        var expected = await plain.CompleteAsync(request);
        var actual = await trees.CompleteAsync(request);

        Assert.That(actual.Tokens, Is.EqualTo(expected.Tokens));
        Assert.That(actual.Stats.AcceptedTokens, Is.Positive);
    }

    private static async Task<IReadOnlyList<int>> TextAsync(ulong seed, VerificationRule rule, PolicyChoice policy)
    {
        var target = Target();
        await using var engine = TestEngine.CreateBranching(target, target.Disturbed(seed: 12, 1f), 1, FourRequests with { Verification = rule });
        var request = new GenerationRequest { PromptTokens = [0], MaximumTokens = 40, Policy = policy, Sampling = new SamplingOptions { Temperature = 1, TopK = 0, TopP = 1, MinP = 0, Seed = seed } };
        return (await engine.CompleteAsync(request)).Tokens;
    }

    private static MarkovModelRunner Target() => MarkovModelRunner.Random(EngineLosslessnessTests.Vocabulary, seed: 11, spread: 1.2f, sequenceCount: 48);

    private static async Task<IReadOnlyList<int>> TextWithEndAsync(ulong seed, VerificationRule rule, int? endToken)
    {
        var target = Target();
        await using var engine = new SpeculativeEngine(TestEngine.Parts(target, null) with { Drafter = new EndingDrafter(endToken) }, FourRequests with { Verification = rule });
        var request = new GenerationRequest { PromptTokens = [0], MaximumTokens = 5, Sampling = new SamplingOptions { Temperature = 1, TopK = 0, TopP = 1, MinP = 0, Seed = seed } };
        return (await engine.CompleteAsync(request)).Tokens;
    }

    // Draws two tokens; behind some of them it knows how to go on.
    private sealed class EndingDrafter(int? endToken) : IDrafter
    {
        public void Begin(int slot, int sharedPrefixLength)
        {
        }

        public void Draft(ReadOnlySpan<DraftJob> jobs)
        {
            foreach (var job in jobs)
            {
                for (var depth = 0; depth < Math.Min(2, job.Limits.Length); depth++)
                {
                    var distribution = job.Tree.Proposal(depth - 1);
                    distribution.Clear();
                    for (var token = 0; token < EngineLosslessnessTests.Vocabulary; token++)
                    {
                        distribution.Add(token, (token + 1) / 15f);
                    }

                    var drawn = distribution.Sample(new ManagedKernels(), CounterRandom.Uniform(job.Seed, job.Round, depth, DrawPurpose.Draft));
                    job.Add(drawn, distribution[drawn], 1);
                }

                if (endToken is { } end && job.Tree.Count == 2 && job.Limits.Length > 2 && job.Tree.Tokens[1] >= 3)
                {
                    job.AddNode(1, end, probability: 1, isSampled: false);
                }
            }
        }

        public void Observe(int slot, int validCount)
        {
        }

        public void Dispose()
        {
        }
    }

    // A certain token with a drawn child behind it; when the draw is not to its liking, it drops both.
    private sealed class PruningDrafter : IDrafter
    {
        public void Begin(int slot, int sharedPrefixLength)
        {
        }

        public void Draft(ReadOnlySpan<DraftJob> jobs)
        {
            foreach (var job in jobs)
            {
                if (job.Limits.Length < 2)
                {
                    continue;
                }

                var distribution = job.Tree.Proposal(0);
                distribution.Clear();
                for (var token = 0; token < EngineLosslessnessTests.Vocabulary; token++)
                {
                    distribution.Add(token, 1f / EngineLosslessnessTests.Vocabulary);
                }

                var drawn = distribution.Sample(new ManagedKernels(), CounterRandom.Uniform(job.Seed, job.Round, 1, DrawPurpose.Draft));
                if (drawn == 0)
                {
                    var certain = job.AddNode(TokenTree.Anchor, token: 1, probability: 1, isSampled: false);
                    job.AddNode(certain, drawn, 1.0 / EngineLosslessnessTests.Vocabulary, isSampled: true);
                }
            }
        }

        public void Observe(int slot, int validCount)
        {
        }

        public void Dispose()
        {
        }
    }
}
