using LlamaSpec.Drafting;
using LlamaSpec.Engine;
using LlamaSpec.Policies;
using LlamaSpec.Sampling;
using LlamaSpec.Tests.Fakes;
using LlamaSpec.Verification;
using MathNet.Numerics.Distributions;

namespace LlamaSpec.Tests.Engine;

/// <summary>The text of the whole engine has the target's distribution, whatever the draft, the policy and the rule.</summary>
public class EngineLosslessnessTests
{
    internal const int Vocabulary = 5;
    private const int Length = 4;
    private const int Answers = 12_000;

    // Bonferroni over the cases: together they fail by chance once in ten thousand runs; the seeds are fixed anyway.
    internal const double Significance = 1e-4 / 20;

    [TestCase("off", VerificationRule.Block, 0.5f)]
    [TestCase("fixed:3", VerificationRule.Block, 0.5f)]
    [TestCase("fixed:3", VerificationRule.Token, 0.5f)]
    [TestCase("fixed:1", VerificationRule.Block, 3f)]
    [TestCase("fixed:4", VerificationRule.Token, 3f)]
    [TestCase("adaedl", VerificationRule.Block, 0.5f)]
    [TestCase("adaedl:0.7", VerificationRule.Token, 1f)]
    [TestCase("adaedl:0.7", VerificationRule.Block, 1f)]
    [TestCase("auto", VerificationRule.Block, 0.5f)]
    [TestCase("auto", VerificationRule.Token, 1f)]
    [TestCase("auto", VerificationRule.Block, 3f)]
    [TestCase("svip", VerificationRule.Block, 0.5f)]
    [TestCase("confidence", VerificationRule.Block, 0.5f)]
    [TestCase("product", VerificationRule.Token, 0.5f)]
    [TestCase("heuristic", VerificationRule.Block, 0.5f)]
    [TestCase("hillclimb", VerificationRule.Block, 0.5f)]
    [TestCase("expected-throughput", VerificationRule.Block, 0.5f)]
    public async Task AnswersAreDistributedAsTheTargetAlone(string policy, VerificationRule rule, float draftNoise)
    {
        var target = MarkovModelRunner.Random(Vocabulary, seed: 11, spread: 1.2f);
        var options = new SpeculativeEngineOptions { ContextLength = 64, Verification = rule, ConcurrentRequests = 8 };
        await using var engine = TestEngine.CreateTimeless(target, target.Disturbed(seed: 12, draftNoise), options);
        var counts = await CountAnswersAsync(engine, PolicyChoice.Parse(policy));

        Assert.That(ChiSquarePValue(counts, ExpectedProbabilities(target)), Is.GreaterThan(Significance));
    }

    [TestCase("fixed:3", VerificationRule.Block)]
    [TestCase("fixed:3", VerificationRule.Token)]
    public async Task PenalisedAnswersAreDistributedAsTheTargetAlone(string policy, VerificationRule rule)
    {
        // Each row has the penalties of its own prefix, drafted tokens included.
        const float frequency = 1.1f;
        var target = MarkovModelRunner.Random(Vocabulary, seed: 11, spread: 1.2f);
        var options = new SpeculativeEngineOptions { ContextLength = 64, Verification = rule, ConcurrentRequests = 8 };
        await using var engine = TestEngine.Create(target, target.Disturbed(seed: 12, 0.5f), options);
        var counts = await CountAnswersAsync(engine, PolicyChoice.Parse(policy), frequency);

        Assert.That(ChiSquarePValue(counts, ExpectedProbabilities(target, frequency)), Is.GreaterThan(Significance));
    }

    [Test]
    public async Task ADraftThatLiesAboutItsDistributionIsNoticed()
    {
        // It draws from one distribution and hands over another; the verifier can only be as exact as what it is told.
        var target = MarkovModelRunner.Random(Vocabulary, seed: 11, spread: 1.2f);
        var options = new SpeculativeEngineOptions { ContextLength = 64, ConcurrentRequests = 8 };
        await using var engine = new SpeculativeEngine(TestEngine.Parts(target, null) with { Drafter = new LyingDrafter() }, options);
        var counts = await CountAnswersAsync(engine, PolicyChoice.Fixed(2));

        Assert.That(ChiSquarePValue(counts, ExpectedProbabilities(target)), Is.LessThan(Significance));
    }

    [Test]
    public async Task GreedyTextIsThatOfPlainDecoding(
        [Values("fixed:1", "fixed:4", "fixed:8", "adaedl", "auto", "svip", "confidence", "product", "heuristic", "hillclimb", "expected-throughput")] string policy, [Range(1, 5)] int seed)
    {
        var target = MarkovModelRunner.Random(40, seed);
        await using var plain = TestEngine.Create(target.Disturbed(0, 0), null);
        await using var speculative = TestEngine.CreateTimeless(target, target.Disturbed(seed + 100, 0.7f));
        var request = new GenerationRequest { Prompt = "hello", MaximumTokens = 200, Sampling = SamplingOptions.Greedy };

        var expected = await plain.CompleteAsync(request);
        var actual = await speculative.CompleteAsync(request with { Policy = PolicyChoice.Parse(policy) });

        Assert.That(actual.Tokens, Is.EqualTo(expected.Tokens));
        Assert.That(actual.LogProbabilities, Is.EqualTo(expected.LogProbabilities).Within(1e-5f));
        Assert.That(actual.Stats.AcceptedTokens, Is.Positive, "The draft must have taken part.");
    }

    [Test]
    public async Task APenalisedGreedyTextIsThatOfPlainDecoding([Range(1, 3)] int seed)
    {
        // Penalties depend on the accepted tokens inside the draft.
        var target = MarkovModelRunner.Random(12, seed);
        await using var plain = TestEngine.Create(target.Disturbed(0, 0), null);
        await using var speculative = TestEngine.Create(target, target.Disturbed(seed + 100, 0.3f));
        var sampling = SamplingOptions.Greedy with { RepetitionPenalty = 1.3f, FrequencyPenalty = 0.4f, PresencePenalty = 0.2f, PenaltyWindow = 8, LogitBias = [new(3, 1.5f), new(4, float.NegativeInfinity)] };
        var request = new GenerationRequest { Prompt = "hello", MaximumTokens = 200, Sampling = sampling, Policy = PolicyChoice.Fixed(5) };

        var expected = await plain.CompleteAsync(request);
        var actual = await speculative.CompleteAsync(request);

        Assert.That(actual.Tokens, Is.EqualTo(expected.Tokens));
        Assert.That(actual.Tokens, Has.No.Member(4));
        Assert.That(actual.Stats.AcceptedTokens, Is.Positive);
    }

    [Test]
    public async Task TheSameSeedGivesTheSameText()
    {
        var target = MarkovModelRunner.Random(40, 3);
        await using var engine = new SpeculativeEngine(TestEngine.Parts(target, target.Disturbed(4, 0.5f)) with { Costs = TestEngine.CheapDrafts });
        var request = new GenerationRequest { Prompt = "hello", MaximumTokens = 100, Sampling = new SamplingOptions { Seed = 17 } };

        var first = await engine.CompleteAsync(request);
        var second = await engine.CompleteAsync(request);
        var other = await engine.CompleteAsync(request with { Sampling = new SamplingOptions { Seed = 18 } });

        Assert.That(first.Stats.AcceptedTokens, Is.Positive, "Lengths that follow the clock would show in the text.");
        Assert.That(second.Tokens, Is.EqualTo(first.Tokens));
        Assert.That(other.Tokens, Is.Not.EqualTo(first.Tokens));
    }

    [Test]
    public async Task LogProbabilitiesAreThoseOfTheUnmodifiedTarget()
    {
        var target = MarkovModelRunner.Random(12, 5);
        await using var engine = TestEngine.Create(target, target.Disturbed(6, 0.5f));
        var sampling = new SamplingOptions { Temperature = 0.7f, TopK = 4, FrequencyPenalty = 0.5f, Seed = 1 };
        var result = await engine.CompleteAsync(new GenerationRequest { PromptTokens = [1, 2], MaximumTokens = 50, Sampling = sampling });

        List<int> prefix = [1, 2];
        foreach (var (token, logProbability) in result.Tokens.Zip(result.LogProbabilities))
        {
            var logits = target.LogitsAfter([.. prefix]);
            var expected = logits[token] - Math.Log(logits.Sum(logit => Math.Exp(logit)));
            Assert.That(logProbability, Is.EqualTo(expected).Within(1e-5));
            prefix.Add(token);
        }
    }

    internal static async Task<int[]> CountAnswersAsync(SpeculativeEngine engine, PolicyChoice policy, float frequencyPenalty = 0, float temperature = 1)
    {
        var counts = new int[(int)Math.Pow(Vocabulary, Length)];
        await Parallel.ForEachAsync(Enumerable.Range(0, Answers), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, cancellation) =>
        {
            var result = await engine.CompleteAsync(
                new GenerationRequest
                {
                    PromptTokens = [0],
                    MaximumTokens = Length,
                    Policy = policy,
                    Sampling = new SamplingOptions { Temperature = temperature, TopK = 0, TopP = 1, MinP = 0, FrequencyPenalty = frequencyPenalty, Seed = (ulong)i },
                },
                cancellation);
            Interlocked.Increment(ref counts[result.Tokens.Aggregate(0, (index, token) => (index * Vocabulary) + token)]);
        });
        return counts;
    }

    internal static double[] ExpectedProbabilities(MarkovModelRunner target, float frequencyPenalty = 0, float temperature = 1)
    {
        var result = new double[(int)Math.Pow(Vocabulary, Length)];
        Add([0], 1, 0);
        return result;

        void Add(int[] prefix, double probability, int index)
        {
            if (prefix.Length == Length + 1)
            {
                result[index] = probability;
                return;
            }

            double[] logits = [.. target.LogitsAfter(prefix).Select((logit, token) => (logit - (frequencyPenalty * prefix.Count(seen => seen == token))) / temperature)];
            var total = logits.Sum(Math.Exp);
            for (var token = 0; token < Vocabulary; token++)
            {
                Add([.. prefix, token], probability * Math.Exp(logits[token]) / total, (index * Vocabulary) + token);
            }
        }
    }

    // Pearson's test; cells with an expectation below 5 are pooled.
    internal static double ChiSquarePValue(int[] counts, double[] probabilities)
    {
        double statistic = 0, pooledExpected = 0, pooledCount = 0;
        var cells = 0;
        for (var i = 0; i < counts.Length; i++)
        {
            var expected = probabilities[i] * Answers;
            if (expected < 5)
            {
                pooledExpected += expected;
                pooledCount += counts[i];
                continue;
            }

            statistic += Math.Pow(counts[i] - expected, 2) / expected;
            cells++;
        }

        if (pooledExpected >= 5)
        {
            statistic += Math.Pow(pooledCount - pooledExpected, 2) / pooledExpected;
            cells++;
        }

        return 1 - ChiSquared.CDF(cells - 1, statistic);
    }

    private sealed class LyingDrafter : IDrafter
    {
        public void Begin(int slot, int sharedPrefixLength)
        {
        }

        public void Draft(ReadOnlySpan<DraftJob> jobs)
        {
            foreach (var job in jobs)
            {
                // Always token 2, said to be one of five.
                var distribution = job.Tree.Proposal(TokenTree.Anchor);
                distribution.Clear();
                for (var token = 0; token < Vocabulary; token++)
                {
                    distribution.Add(token, 1f / Vocabulary);
                }

                job.Add(2, 1.0 / Vocabulary, Math.Log(Vocabulary));
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
