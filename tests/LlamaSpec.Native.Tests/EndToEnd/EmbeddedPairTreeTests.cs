using LlamaSpec.Drafting;
using LlamaSpec.Engine;
using LlamaSpec.Models;
using LlamaSpec.Native.Calibration;
using LlamaSpec.Native.Kernels;
using LlamaSpec.Policies;
using LlamaSpec.Sampling;

namespace LlamaSpec.Native.Tests.EndToEnd;

/// <summary>The promises, kept by real models whose drafts branch.</summary>
public sealed class EmbeddedPairTreeTests
{
    private const int Answers = 400;

    // Bonferroni over the tests of this class.
    private const double Significance = 1e-4 / 4;

    [TestCase(1, "tree:3x4")]
    [TestCase(3, "tree:3x3x9")]
    public async Task GreedyAnswersAreThoseOfPlainDecodingButForNearTies(int draftPaths, string policy)
    {
        await using var engine = await LoadAsync(new SpeculativeEngineOptions { ConcurrentRequests = 1, ContextLength = 256, MaximumTreePaths = 6 }, draftPaths);
        using var probe = new TopTwoGapProbe(EmbeddedModels.Target, new LlamaContextOptions { CellCapacity = 256, ThreadCount = 1 });
        var accepted = 0;
        List<float> gaps = [];
        foreach (var prompt in Prompts.All.Take(8))
        {
            var request = GenerationRequest.Ask(prompt) with { MaximumTokens = 30, Sampling = SamplingOptions.Greedy };
            var expected = await engine.CompleteAsync(request with { Policy = PolicyChoice.Off });
            var actual = await engine.CompleteAsync(request with { Policy = PolicyChoice.Parse(policy) });
            accepted += actual.Stats.AcceptedTokens;
            var common = expected.Tokens.Zip(actual.Tokens).TakeWhile(static pair => pair.First == pair.Second).Count();
            if (common < Math.Max(expected.Tokens.Count, actual.Tokens.Count))
            {
                int[] tokens = engine.Tokenizer.Encode(engine.Tokenizer.FormatChat(request.Messages!, addAssistantTurn: true), addSpecial: true, parseSpecial: true);
                gaps.Add(probe.Measure([.. tokens, .. expected.Tokens.Take(common)]));
            }
        }

        TestContext.Out.WriteLine($"gaps at the divergences: {string.Join(", ", gaps)}");
        Assert.That(accepted, Is.GreaterThan(60));
        Assert.That(gaps, Has.All.LessThan(TopTwoGapProbe.NearTie));
    }

    [Test]
    public async Task TokensAndBigramsAreDistributedAsInPlainDecoding()
    {
        await using var engine = await LoadAsync(new SpeculativeEngineOptions { ConcurrentRequests = 4, ContextLength = 64, MaximumTreePaths = 4 }, draftPaths: 2);
        var plain = await SampleAsync(engine, PolicyChoice.Off, firstSeed: 0);
        var trees = await SampleAsync(engine, PolicyChoice.Parse("tree:3x2"), firstSeed: 1_000_000);
        Assert.That(EmbeddedPairDistributionTests.PValue(plain, trees, static tokens => tokens[0]), Is.GreaterThan(Significance), "first tokens");
        Assert.That(EmbeddedPairDistributionTests.PValue(plain, trees, static tokens => (tokens[0], tokens[1])), Is.GreaterThan(Significance), "bigrams");
    }

    [TestCase(0f)]
    [TestCase(0.8f)]
    public async Task TheKvCacheAfterBranchesIsThatOfAFreshContext(float temperature)
    {
        using var target = new AnchorRecorder(new LlamaModelRunner(EmbeddedModels.Target, Context(sequences: 6)));
        using var draft = new LlamaModelRunner(EmbeddedModels.Draft, Context(sequences: 3));
        var fitness = DraftFitness.Of(EmbeddedModels.Target.ReadTraits(), EmbeddedModels.Draft.ReadTraits());
        int[] text;
        await using (var engine = new SpeculativeEngine(
            new EngineParts
            {
                Target = target,
                Tokenizer = EmbeddedModels.Target.Tokenizer,
                Kernels = new NativeKernels(),
                Drafter = new ModelDrafter(draft, fitness.Vocabularies!.TokenMap, new NativeKernels(), pathCount: 3),
            },
            new SpeculativeEngineOptions { ConcurrentRequests = 1, ContextLength = 192, MaximumTreePaths = 6 }))
        {
            var prompt = engine.Tokenizer.Encode("Once upon a time there was a", addSpecial: true, parseSpecial: false);
            var result = await engine.CompleteAsync(new GenerationRequest
            {
                PromptTokens = prompt, MaximumTokens = 60, IgnoreEndOfText = true, Policy = PolicyChoice.Parse("tree:3x3"),
                Sampling = new SamplingOptions { Temperature = temperature, Seed = 5 },
            });
            text = [.. prompt, .. result.Tokens];
        }

        // Rows beside which others lie are rounded differently, and the model amplifies that; a wrong token is another matter.
        var fresh = RowsOf(text, rowsPerDecode: 1);
        var seen = MeanDistance(target.Anchors, fresh);
        var together = RowsOf(text, rowsPerDecode: text.Length);
        var noise = MeanDistance(target.Anchors.Select(anchor => (anchor.Position, together[anchor.Position])), fresh);
        text[text.Length / 2] = (text[text.Length / 2] + 1) % EmbeddedModels.Target.Info.VocabularySize;
        var wrong = MeanDistance(target.Anchors.Where(anchor => anchor.Position > text.Length / 2), RowsOf(text, rowsPerDecode: 1));
        TestContext.Out.WriteLine($"{target.Anchors.Count} rounds; mean largest difference {seen:0.000}, of another batch shape {noise:0.000}, with a wrong token {wrong:0.000}");
        Assert.That(target.MostPaths, Is.GreaterThan(1));
        Assert.That(target.Anchors, Has.Count.InRange(10, 60));
        Assert.That(seen, Is.LessThan(1.25 * noise));
        Assert.That(wrong, Is.GreaterThan(1.5 * noise));
    }

    private static Task<SpeculativeEngine> LoadAsync(SpeculativeEngineOptions engine, int draftPaths) => ModelPair.LoadAsync(
        new ModelPairOptions { RequireDraft = true, TargetThreadCount = 1, Calibration = CalibrationMode.Off, DraftPaths = draftPaths, Engine = engine });

    private static LlamaContextOptions Context(int sequences) => new() { CellCapacity = 256, RowCapacity = 256, SequenceCapacity = sequences, ThreadCount = 1 };

    // The logits after each token, decoded in chunks.
    private static float[][] RowsOf(int[] text, int rowsPerDecode)
    {
        using var runner = new LlamaModelRunner(EmbeddedModels.Target, Context(sequences: 1));
        var rows = new float[text.Length][];
        var batch = new TokenBatch(rowsPerDecode);
        for (var position = 0; position < text.Length; position++)
        {
            var row = batch.Add(text[position], position, new SequenceId(0), wantsLogits: true);
            if (row == rowsPerDecode - 1)
            {
                Assert.That(runner.Decode(batch), Is.EqualTo(DecodeStatus.Ok));
                for (; row >= 0; row--)
                {
                    rows[position - (rowsPerDecode - 1 - row)] = runner.LogitsRow(row).ToArray();
                }

                batch.Clear();
            }
        }

        return rows;
    }

    private static double MeanDistance(IEnumerable<(int Position, float[] Logits)> anchors, float[][] rows) =>
        anchors.Average(anchor => anchor.Logits.Zip(rows[anchor.Position]).Max(static pair => Math.Abs(pair.First - pair.Second)));

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
