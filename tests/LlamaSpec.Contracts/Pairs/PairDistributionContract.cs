using LlamaSpec.Engine;
using LlamaSpec.Policies;
using LlamaSpec.Sampling;
using LlamaSpec.Verification;

namespace LlamaSpec.Contracts.Pairs;

/// <summary>What a pair of real models promises at a temperature above 0: answers with the distribution of the target's own.</summary>
/// <param name="pair">The pair under test.</param>
public abstract class PairDistributionContract(PairUnderTest pair)
{
    private const int Answers = 1200;
    private const int AnswerTokens = 3;

    // Bonferroni over the tests of this class.
    private const double Significance = 1e-4 / 6;

    private static readonly SamplingOptions Sampling = new() { Temperature = 0.8f, TopK = 0, TopP = 1, MinP = 0 };

    [TestCase(VerificationRule.Block)]
    [TestCase(VerificationRule.Token)]
    public async Task TokensAndBigramsAreDistributedAsInPlainDecoding(VerificationRule rule)
    {
        var options = new SpeculativeEngineOptions { ConcurrentRequests = 8, ContextLength = 256, Verification = rule };
        await using var engine = await pair.StartAsync(new PairSetup(options));
        var plain = await SampleAsync(engine, PolicyChoice.Off, firstSeed: 0);
        var speculative = await SampleAsync(engine, PolicyChoice.Fixed(2), firstSeed: 1_000_000);

        Assert.That(TwoSamples.PValue(plain, speculative, tokens => tokens[0]), Is.GreaterThan(Significance), "first tokens");
        Assert.That(TwoSamples.PValue(plain, speculative, tokens => tokens[1]), Is.GreaterThan(Significance), "second tokens");
        Assert.That(TwoSamples.PValue(plain, speculative, tokens => (tokens[1], tokens[2])), Is.GreaterThan(Significance), "bigrams");
    }

    [Test]
    public async Task ADifferentTemperatureIsNoticed()
    {
        // The same statistics must tell distributions apart that differ.
        var options = new SpeculativeEngineOptions { ConcurrentRequests = 8, ContextLength = 256 };
        await using var engine = await pair.StartAsync(new PairSetup(options));
        var plain = await SampleAsync(engine, PolicyChoice.Off, firstSeed: 0);
        var colder = await SampleAsync(engine, PolicyChoice.Off, firstSeed: 1_000_000, temperature: 0.6f);

        Assert.That(TwoSamples.PValue(plain, colder, tokens => tokens[0]), Is.LessThan(Significance));
    }

    private static async Task<int[][]> SampleAsync(SpeculativeEngine engine, PolicyChoice policy, int firstSeed, float temperature = 0.8f)
    {
        var answers = new int[Answers][];
        await Parallel.ForEachAsync(Enumerable.Range(0, Answers), new ParallelOptions { MaxDegreeOfParallelism = 12 }, async (i, cancellation) =>
        {
            var request = new GenerationRequest
            {
                Prompt = "My favourite animal is the",
                MaximumTokens = AnswerTokens,
                IgnoreEndOfText = true,
                Policy = policy,
                Sampling = Sampling with { Seed = (ulong)(firstSeed + i), Temperature = temperature },
            };
            answers[i] = [.. (await engine.CompleteAsync(request, cancellation)).Tokens];
        });
        return answers;
    }
}
