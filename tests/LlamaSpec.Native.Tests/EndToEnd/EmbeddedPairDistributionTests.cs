using LlamaSpec.Engine;
using LlamaSpec.Native.Calibration;
using LlamaSpec.Policies;
using LlamaSpec.Sampling;
using LlamaSpec.Verification;
using MathNet.Numerics.Distributions;

namespace LlamaSpec.Native.Tests.EndToEnd;

/// <summary>At a temperature above 0 the pair's answers have the distribution of the target's own.</summary>
public sealed class EmbeddedPairDistributionTests
{
    private const int Answers = 1200;
    private const int AnswerTokens = 3;

    // Bonferroni over the tests of this class.
    private const double Significance = 1e-4 / 6;

    private const int Common = 10;

    private static readonly SamplingOptions Sampling = new() { Temperature = 0.8f, TopK = 0, TopP = 1, MinP = 0 };

    [TestCase(VerificationRule.Block)]
    [TestCase(VerificationRule.Token)]
    public async Task TokensAndBigramsAreDistributedAsInPlainDecoding(VerificationRule rule)
    {
        var options = new SpeculativeEngineOptions { ConcurrentRequests = 8, ContextLength = 256, Verification = rule };
        await using var engine = await ModelPair.LoadAsync(new ModelPairOptions { RequireDraft = true, TargetThreadCount = 1, Calibration = CalibrationMode.Off, Engine = options });
        var plain = await SampleAsync(engine, PolicyChoice.Off, firstSeed: 0);
        var speculative = await SampleAsync(engine, PolicyChoice.Fixed(2), firstSeed: 1_000_000);

        Assert.That(PValue(plain, speculative, tokens => tokens[0]), Is.GreaterThan(Significance), "first tokens");
        Assert.That(PValue(plain, speculative, tokens => tokens[1]), Is.GreaterThan(Significance), "second tokens");
        Assert.That(PValue(plain, speculative, tokens => (tokens[1], tokens[2])), Is.GreaterThan(Significance), "bigrams");
    }

    [Test]
    public async Task ADifferentTemperatureIsNoticed()
    {
        // The same statistics must tell distributions apart that differ.
        var options = new SpeculativeEngineOptions { ConcurrentRequests = 8, ContextLength = 256 };
        await using var engine = await ModelPair.LoadAsync(new ModelPairOptions { RequireDraft = true, TargetThreadCount = 1, Calibration = CalibrationMode.Off, Engine = options });
        var plain = await SampleAsync(engine, PolicyChoice.Off, firstSeed: 0);
        var colder = await SampleAsync(engine, PolicyChoice.Off, firstSeed: 1_000_000, temperature: 0.6f);

        Assert.That(PValue(plain, colder, tokens => tokens[0]), Is.LessThan(Significance));
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

    // Two-sample chi-square; what is rare in both samples together is pooled.
    internal static double PValue<T>(int[][] first, int[][] second, Func<int[], T> key)
        where T : notnull
    {
        var cells = first.Select(tokens => (Key: key(tokens), First: 1, Second: 0))
            .Concat(second.Select(tokens => (Key: key(tokens), First: 0, Second: 1)))
            .GroupBy(entry => entry.Key)
            .Select(group => (First: group.Sum(entry => entry.First), Second: group.Sum(entry => entry.Second)))
            .ToList();
        var kept = cells.Where(cell => cell.First + cell.Second >= Common).ToList();
        var rare = cells.Where(cell => cell.First + cell.Second < Common).ToList();
        if (rare.Count > 0)
        {
            kept.Add((rare.Sum(cell => cell.First), rare.Sum(cell => cell.Second)));
        }

        var statistic = kept.Sum(cell => Math.Pow(cell.First - cell.Second, 2) / (cell.First + cell.Second));
        return 1 - ChiSquared.CDF(kept.Count - 1, statistic);
    }
}
