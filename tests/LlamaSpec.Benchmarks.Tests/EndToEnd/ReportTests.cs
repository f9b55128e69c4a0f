using System.Text.Json;
using LlamaSpec.Benchmarks.EndToEnd;
using LlamaSpec.Benchmarks.EndToEnd.Measuring;
using LlamaSpec.Benchmarks.EndToEnd.Results;
using LlamaSpec.Benchmarks.EndToEnd.Systems;

namespace LlamaSpec.Benchmarks.Tests.EndToEnd;

public sealed class ReportTests
{
    private static readonly RunDescription Run = new()
    {
        Started = new DateTimeOffset(2026, 4, 5, 6, 7, 8, TimeSpan.Zero),
        Target = new ModelFile("target-w1536-q8_0.gguf", 33_600_000, "0123456789abcdef"),
        TargetDescription = "llama 0.3B Q8_0",
        WidenedFrom = "target.gguf",
        Draft = new ModelFile("draft.gguf", 3_800_000, "fedcba9876543210"),
        ServerDraft = null,
        LlamaVersion = "0.5.0",
        FastRowInstructions = "avx512vnni",
        FastProductCount = 57,
        ProcessorCount = 2,
        TargetThreadCount = 2,
        DraftThreadCount = null,
        ContextLength = 2048,
        MaximumTokens = 128,
        Repeats = 3,
        Prompts = "questions.jsonl",
    };

    private static readonly Measurements Measured = new()
    {
        Systems = [SystemLabel.Plain, SystemLabel.PlainFastRows, SystemLabel.Policy("fixed:2", fastRows: true), SystemLabel.PlainServer],
        Samples =
        [
            Fakes.Sample("a1", 0, 1, Fakes.Answer(100), Fakes.Answer(125), Drafting(50), Fakes.Answer(80)),
            Fakes.Sample("b1", 0, 1, Fakes.Answer(100), Fakes.Answer(125), Drafting(75) with { Tokens = [1, 2] }, Fakes.Answer(80)),
        ],
        Skipped =
        [
            new SkippedPrompt { PromptId = "c1", Reason = "its 3000 tokens are too many" },
            new SkippedPrompt { PromptId = "c2", Temperature = 0.8f, Repeat = 3, Reason = "fixed:2, rows on: two\nlines" },
        ],
        Interruption = "the server is gone\n  its log",
    };

    private readonly EndToEndDocument _document = EndToEndDocument.Create(Run, Measured);

    [Test]
    public void LosingRowsAreShownLikeTheOthers()
    {
        var lines = MarkdownReport.Write(_document).Split('\n');
        Assert.That(lines, Does.Contain("| plain, rows off | 100.0 | 1 | 0.80 (0.80-0.80) | - | 1.00 | - | - | - | - | - | 2 of 2 |"));
        Assert.That(lines, Does.Contain("| plain, rows on | 125.0 | 1.25 (1.25-1.25) | 1 | - | 1.00 | - | - | - | - | - | 2 of 2 |"));
        Assert.That(lines, Does.Contain("| fixed:2, rows on | 61.2 | 0.61 (0.50-0.75) | 0.49 (0.40-0.60) | 0.25 | 1.50 | 0.10 | 0.20 | 0.300 | 0.040 | 1 of 2 | 1 of 2 |"));
        Assert.That(lines, Does.Contain("| llama-server plain | 80.0 | 0.80 (0.80-0.80) | 0.64 (0.64-0.64) | - | 1.00 | - | - | - | - | - | 2 of 2 |"));
        Assert.That(lines, Does.Contain("| fixed:2, rows on | 0.50 | 0.75 |"), "by category");
        Assert.That(lines, Does.Contain("fixed:2, rows on parts from plain, rows on 1 time: b1 at token 1."));
        Assert.That(lines, Has.Some.StartsWith("**Temperature 0, best policy fixed:2, rows on: 0.61 (0.50-0.75) times plain, rows off (too few questions)"));
    }

    [Test]
    public void SkippedQuestionsAreListed()
    {
        var text = MarkdownReport.Write(_document);
        Assert.That(text, Does.Contain(
            "Skipped: 2.\n- question c1: its 3000 tokens are too many\n- question c2 (temperature 0.8, repeat 3): fixed:2, rows on: two lines\n"));
        Assert.That(MarkdownReport.Write(_document with { Skipped = [] }), Does.Contain("\nSkipped: none.\n\n## Temperature 0\n"));
    }

    [Test]
    public void TheHeadingSaysWhatWasMeasured()
    {
        var text = MarkdownReport.Write(_document);
        Assert.That(text, Does.Contain("- target: target-w1536-q8_0.gguf (33.6 MB, SHA-256 0123456789ab), llama 0.3B Q8_0; **widened** from target.gguf\n"));
        Assert.That(text, Does.Contain("- fast rows: avx512vnni, 57 products of a decode\n").And.Contain("**Incomplete**: the server is gone\n\n"));
        var same = _document with { Run = Run with { FastProductCount = 0, WidenedFrom = null }, Interruption = null };
        Assert.That(MarkdownReport.Write(same), Does.Contain("on and off are the same\n").And.Not.Contain("widened").And.Not.Contain("Incomplete"));
    }

    [Test]
    public void TheFilesAreNamedAfterTheTargetAndTheTime()
    {
        using var folder = new TemporaryFolder();
        var path = ResultFiles.Write(folder["."], _document, "text");
        Assert.That(folder.FileNames, Is.EqualTo((string[])["end-to-end-target-w1536-q8_0-20260405-060708.json", "end-to-end-target-w1536-q8_0-20260405-060708.md"]));
        Assert.That(File.ReadAllText(path), Is.EqualTo("text"));

        using var json = JsonDocument.Parse(File.ReadAllText(Path.ChangeExtension(path, "json")));
        var root = json.RootElement;
        Assert.That(root.GetProperty("results")[0].GetProperty("systems")[2].GetProperty("toPlain").GetProperty("low").GetDouble(), Is.EqualTo(0.5).Within(1e-9));
        Assert.That(root.GetProperty("samples")[1].GetProperty("answers")[2].GetProperty("tokenCount").GetInt32(), Is.EqualTo(2));
        Assert.That(root.GetProperty("skipped").GetArrayLength(), Is.EqualTo(2));
        Assert.That(root.GetProperty("interruption").GetString(), Does.EndWith("its log"));
    }

    private static MeasuredAnswer Drafting(double tokensPerSecond) =>
        Fakes.Answer(tokensPerSecond) with { DraftedTokens = 20, AcceptedTokens = 5, Times = new RoundTimes(1, 2, 3, 0.4) };
}
