using LlamaSpec.Drafting;
using LlamaSpec.Engine;
using LlamaSpec.Models;
using LlamaSpec.Policies;
using LlamaSpec.Sampling;

namespace LlamaSpec.Contracts.Pairs;

/// <summary>An audit of the target's KV cache after rounds whose drafts branch: real models amplify whatever is wrong with it.</summary>
/// <param name="pair">The pair under test.</param>
public abstract class TreeCacheContract(PairUnderTest pair)
{
    private const int Cells = 256;

    [TestCase(0f)]
    [TestCase(0.8f)]
    public async Task TheKvCacheAfterBranchesIsThatOfAFreshContext(float temperature)
    {
        using var target = new AnchorRecorder(pair.CreateTargetRunner(Cells, Cells, sequenceCapacity: 6));
        using var draft = pair.CreateDraftRunner(Cells, Cells, sequenceCapacity: 3);
        int[] text;
        await using (var engine = new SpeculativeEngine(
            new EngineParts
            {
                Target = target,
                Tokenizer = pair.Tokenizer,
                Kernels = pair.Kernels,
                Drafter = new ModelDrafter(draft, pair.DraftMap, pair.Kernels, pathCount: 3),
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
        text[text.Length / 2] = (text[text.Length / 2] + 1) % pair.Tokenizer.VocabularySize;
        var wrong = MeanDistance(target.Anchors.Where(anchor => anchor.Position > text.Length / 2), RowsOf(text, rowsPerDecode: 1));
        TestContext.Out.WriteLine($"{target.Anchors.Count} rounds; mean largest difference {seen:0.000}, of another batch shape {noise:0.000}, with a wrong token {wrong:0.000}");
        Assert.That(target.MostPaths, Is.GreaterThan(1));
        Assert.That(target.Anchors, Has.Count.InRange(10, 60));
        Assert.That(seen, Is.LessThan(1.25 * noise));
        Assert.That(wrong, Is.GreaterThan(1.5 * noise));
    }

    // The logits after each token, decoded in chunks.
    private float[][] RowsOf(int[] text, int rowsPerDecode)
    {
        using var runner = pair.CreateTargetRunner(Cells, Cells, sequenceCapacity: 1);
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
        anchors.Average(anchor => anchor.Logits.Zip(rows[anchor.Position]).Max(static both => Math.Abs(both.First - both.Second)));
}
