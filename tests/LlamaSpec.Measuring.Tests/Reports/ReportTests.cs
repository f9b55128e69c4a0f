using LlamaSpec.Measuring.Reports;
using LlamaSpec.Measuring.Results;
using LlamaSpec.Measuring.Runs;
using LlamaSpec.Measuring.Systems;

namespace LlamaSpec.Measuring.Tests.Reports;

public sealed class ReportTests
{
    private static readonly RunDescription Run = new()
    {
        Started = new DateTimeOffset(2026, 4, 5, 6, 7, 8, TimeSpan.Zero),
        Target = new ModelFile("target-w1536-q8_0.gguf", 33_600_000, "0123456789abcdef"),
        TargetDescription = "llama 0.3B Q8_0",
        Copy = new TargetCopy("target.gguf", "q8_0", 1536, Problem: null),
        Draft = new ModelFile("draft.gguf", 3_800_000, "fedcba9876543210"),
        ServerDraft = null,
        FreshServers = [],
        LlamaVersion = "0.5.0",
        Machine = "Some Linux, X64",
        Rows = "auto",
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
        Systems = [SystemLabel.Plain, SystemLabel.StockPlain, SystemLabel.Policy("fixed:2"), SystemLabel.PlainServer],
        Samples =
        [
            Fakes.Sample("a1", 0, 1, Fakes.Answer(100), Fakes.Answer(80), Drafting(50), Fakes.Answer(80)),
            Fakes.Sample("b1", 0, 1, Fakes.Answer(100), Fakes.Answer(80), Drafting(75) with { Tokens = [1, 2] }, Fakes.Answer(80)),
        ],
        Skipped =
        [
            new SkippedPrompt { PromptId = "c1", Reason = "its 3000 tokens are too many" },
            new SkippedPrompt { PromptId = "c2", Temperature = 0.8f, Repeat = 3, Reason = "fixed:2: two\nlines" },
        ],
        Interruption = "the server is gone\n  its log",
    };

    /// <summary>Two questions, four systems, one of which loses.</summary>
    internal static BenchDocument Document { get; } = BenchDocument.Create(Run, Measured);

    [Test]
    public void LosingRowsAreShownLikeTheOthers()
    {
        var lines = MarkdownReport.Write(Document).Split('\n');
        Assert.That(lines, Does.Contain("| plain | 100.0 | 1 | 1.25 (1.25-1.25) | - | 1.00 | - | - | - | - | - | - | 2 of 2 |"));
        Assert.That(lines, Does.Contain("| plain, rows off | 80.0 | 0.80 (0.80-0.80) | 1 | - | 1.00 | - | - | - | - | - | - | 2 of 2 |"));
        Assert.That(lines, Does.Contain("| fixed:2 | 61.2 | 0.61 (0.50-0.75) | 0.77 (0.62-0.94) | 0.25 | 1.50 | 0.30 | 0.10 | 0.20 | 0.300 | 0.040 | 1 of 2 | 1 of 2 |"));
        Assert.That(lines, Does.Contain("| llama-server plain | 80.0 | 0.80 (0.80-0.80) | 1.00 (1.00-1.00) | - | 1.00 | - | - | - | - | - | - | 2 of 2 |"));
        Assert.That(lines, Does.Contain("| fixed:2 | 0.50 | 0.75 |"), "by category");
        Assert.That(lines, Does.Contain("fixed:2 parts from plain 1 time: b1 at token 1."));
        Assert.That(lines, Does.Contain("| category | best fixed | over plain | regret of fixed:2 |").And.Contain("| b | fixed:2 | 0.75 | 0.0 % |"));
        Assert.That(
            Array.FindIndex(lines, static line => line.StartsWith("**Temperature 0, losses to plain: fixed:2 0.61 (0.50-0.75) on the whole", StringComparison.Ordinal)),
            Is.Positive.And.LessThan(Array.FindIndex(lines, static line => line.StartsWith("| system", StringComparison.Ordinal))));
    }

    [Test]
    public void SkippedQuestionsAreListed()
    {
        var text = MarkdownReport.Write(Document);
        Assert.That(text, Does.Contain(
            "Skipped: 2.\n- question c1: its 3000 tokens are too many\n- question c2 (temperature 0.8, repeat 3): fixed:2: two lines\n"));
        Assert.That(MarkdownReport.Write(Document with { Skipped = [] }), Does.Contain("\nSkipped: none.\n\n## Temperature 0\n"));
    }

    [Test]
    public void TheHeadingSaysWhatWasMeasured()
    {
        var text = MarkdownReport.Write(Document);
        Assert.That(text, Does.Contain("- target: target-w1536-q8_0.gguf (33.6 MB, SHA-256 0123456789ab), llama 0.3B Q8_0\n- copy: target.gguf widened to 1536 (q8_0)\n"));
        Assert.That(text, Does.Contain("- fast rows: avx512vnni, 57 products of a decode\n").And.Contain("**Incomplete**: the server is gone\n\n"));
        var same = Document with { Run = Run with { FastProductCount = 0, Copy = null }, Interruption = null };
        Assert.That(MarkdownReport.Write(same), Does.Contain("on and off are the same\n").And.Not.Contain("widened").And.Not.Contain("Incomplete"));
        var off = Document with { Run = Run with { Rows = "off", Copy = new TargetCopy("t.gguf", "q4_0", null, "the logits differ") } };
        Assert.That(MarkdownReport.Write(off), Does.Contain("- fast rows: off, as asked\n").And.Contain("- copy: t.gguf requantised to q4_0, far from the original: the logits differ\n"));
    }

    [Test]
    public void ARunWithoutADraftAndWithServersThatRememberSaysSo()
    {
        var text = MarkdownReport.Write(Document with { Run = Run with { Draft = null, FreshServers = ["ngram-mod", "ngram-cache"] } });
        Assert.That(text, Does.Contain("- draft: none\n- llama-server: keeps what it drafts from between requests, so it was started anew for every answer with ngram-mod, ngram-cache\n"));
        Assert.That(text, Does.Contain("- threads: 2 for the target\n"));
        Assert.That(MarkdownReport.Write(Document), Does.Contain("- threads: 2 for the target, by its size for the draft\n").And.Not.Contain("- llama-server"));
    }

    private static MeasuredAnswer Drafting(double tokensPerSecond) =>
        Fakes.Answer(tokensPerSecond) with { RoundsWithoutDraft = 3, DraftedTokens = 20, AcceptedTokens = 5, Times = new RoundTimes(1, 2, 3, 0.4) };
}
