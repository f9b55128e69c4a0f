using LlamaSpec.Engine;
using LlamaSpec.Policies;
using LlamaSpec.Sampling;

namespace LlamaSpec.Contracts.Pairs;

/// <summary>What a pair of real models promises whose drafts branch.</summary>
/// <param name="pair">The pair under test.</param>
public abstract class TreePairContract(PairUnderTest pair)
{
    private const int Answers = 400;

    // Bonferroni over the tests of this class.
    private const double Significance = 1e-4 / 4;

    [TestCase(1, "tree:3x4")]
    [TestCase(3, "tree:3x3x9")]
    public async Task GreedyAnswersAreThoseOfPlainDecodingButForNearTies(int draftPaths, string policy)
    {
        await using var engine = await pair.StartAsync(
            new PairSetup(new SpeculativeEngineOptions { ConcurrentRequests = 1, ContextLength = 256, MaximumTreePaths = 6 }, DraftPaths: draftPaths));
        var accepted = 0;
        var ties = new NearTies(pair);
        foreach (var prompt in Prompts.All.Take(8))
        {
            var request = GenerationRequest.Ask(prompt) with { MaximumTokens = 30, Sampling = SamplingOptions.Greedy };
            var expected = await engine.CompleteAsync(request with { Policy = PolicyChoice.Off });
            var actual = await engine.CompleteAsync(request with { Policy = PolicyChoice.Parse(policy) });
            accepted += actual.Stats.AcceptedTokens;
            ties.Add(request, expected, actual);
        }

        ties.AssertNoneElse(policy);
        Assert.That(accepted, Is.GreaterThan(60));
    }

    [Test]
    public async Task TokensAndBigramsAreDistributedAsInPlainDecoding()
    {
        await using var engine = await pair.StartAsync(
            new PairSetup(new SpeculativeEngineOptions { ConcurrentRequests = 4, ContextLength = 64, MaximumTreePaths = 4 }, DraftPaths: 2));
        var plain = await SampleAsync(engine, PolicyChoice.Off, firstSeed: 0);
        var trees = await SampleAsync(engine, PolicyChoice.Parse("tree:3x2"), firstSeed: 1_000_000);
        Assert.That(TwoSamples.PValue(plain, trees, static tokens => tokens[0]), Is.GreaterThan(Significance), "first tokens");
        Assert.That(TwoSamples.PValue(plain, trees, static tokens => (tokens[0], tokens[1])), Is.GreaterThan(Significance), "bigrams");
    }

    private static async Task<int[][]> SampleAsync(SpeculativeEngine engine, PolicyChoice policy, int firstSeed)
    {
        var answers = new int[Answers][];
        await Parallel.ForEachAsync(Enumerable.Range(0, Answers), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, cancellation) =>
        {
            var request = new GenerationRequest
            {
                Prompt = "My favourite animal is the",
                MaximumTokens = 3,
                IgnoreEndOfText = true,
                Policy = policy,
                Sampling = new SamplingOptions { Temperature = 1, TopK = 6, TopP = 1, MinP = 0, Seed = (ulong)(firstSeed + i) },
            };
            answers[i] = [.. (await engine.CompleteAsync(request, cancellation)).Tokens];
        });
        return answers;
    }
}
