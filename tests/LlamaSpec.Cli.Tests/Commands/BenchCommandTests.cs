using System.Text.Json;
using LlamaSpec.Cli.Tests.Fakes;

namespace LlamaSpec.Cli.Tests.Commands;

[TestFixture]
public sealed class BenchCommandTests
{
    private static readonly string[] Short = ["--max-tokens", "16", "--temperatures", "0,1", "--policies", "fixed:2", "-t", "1"];

    [TestCase("\"fixed:0\" is not a policy", "--policies", "fixed:2,fixed:0")]
    [TestCase("--temperatures must be numbers from 0 to 100 separated by commas, but has \"warm\"", "--temperatures", "0,warm")]
    [TestCase("--server-lengths must be numbers from 1 to 64", "--server-lengths", "0")]
    [TestCase("--max-tokens must be a whole number from 16", "--max-tokens", "8")]
    [TestCase("--repeats must be a whole number from 1 to 100", "--repeats", "0")]
    [TestCase("--limit-per-category must be", "--limit-per-category", "0")]
    [TestCase("\"auto@sufix\" names no drafter behind the @. Use one of: auto, model, suffix", "--policies", "fixed:2,auto@sufix")]
    [TestCase("A policy with @model needs a draft: name one with --draft", "--model", "other.gguf", "--policies", "fixed:2@model")]
    [TestCase("A policy with @model needs a draft", "--no-draft", "--policies", "fixed:2@model")]
    [TestCase("leave the oracle out", "--no-draft", "--policies", "oracle")]
    [TestCase("--draft and --no-draft contradict", "--no-draft", "--draft", "draft.gguf")]
    [TestCase("--category chooses from a file of questions: name one with --prompts", "--category", "rag")]
    [TestCase("--server-spec is for llama-server: add --against llama-server", "--server-spec", "ngram-mod")]
    [TestCase("\"ngram-modd\" is not a setting of llama-server. Use one of: none", "--server-spec", "none,ngram-modd")]
    [TestCase("ngram-simple drafts nothing where LENGTH is below MATCH", "--server-spec", "ngram-simple:8/4")]
    [TestCase("add --against llama-server", "--server-draft", "full.gguf")]
    [TestCase("'q9'", "--widen", "q9")]
    [TestCase("'bf16'", "--requantize", "bf16")]
    [TestCase("'other'", "--against", "other")]
    [TestCase("give one of them", "--widen", "q8_0", "--requantize", "q4_0")]
    [TestCase("--stock measures", "--stock", "--rows", "off")]
    public async Task ABadCommandLineIsExitCodeTwo(string message, params string[] arguments)
    {
        var run = await CommandLine.RunAsync(["bench", .. arguments]);

        Assert.That(run.ExitCode, Is.EqualTo(ExitCode.Usage));
        Assert.That(run.ErrorLines[0], Does.StartWith("error: ").And.Contain(message));
        Assert.That(run.Output, Is.Empty);
    }

    [TestCase("Could not find file", "--prompts", "no-such-file.jsonl")]
    [TestCase("The llama-server nowhere does not exist", "--llama-server", "nowhere")]
    public async Task AMissingFileIsOneClearLine(string message, params string[] arguments)
    {
        var run = await CommandLine.RunAsync(["bench", .. arguments]);

        Assert.That(run.ExitCode, Is.EqualTo(ExitCode.Failure));
        Assert.That(run.ErrorLines, Has.Length.EqualTo(1), run.Error);
        Assert.That(run.Error, Does.StartWith("error: ").And.Contain(message));
    }

    [Test]
    public async Task TheOracleDraftsOnlyWhatIsAccepted()
    {
        var run = await CommandLine.RunAsync("bench", "--max-tokens", "24", "--temperatures", "0", "--policies", "oracle,fixed:2", "--limit-per-category", "2", "-t", "1", "--json");

        Assert.That(run.ExitCode, Is.Zero, run.Error);
        using var document = JsonDocument.Parse(run.Output);
        var rows = document.RootElement.GetProperty("rows").EnumerateArray().Where(static row => row.GetProperty("category").GetString() == "all").ToDictionary(static row => row.GetProperty("policy").GetString()!);
        Assert.That(rows["oracle"].GetProperty("acceptanceRate").GetDouble(), Is.GreaterThan(0.98), "One near-tie may turn.");
        Assert.That(rows["oracle"].GetProperty("meanAcceptanceLength").GetDouble(), Is.GreaterThanOrEqualTo(rows["fixed:2"].GetProperty("meanAcceptanceLength").GetDouble()));
        Assert.That(rows["fixed:2"].GetProperty("acceptanceRate").GetDouble(), Is.LessThan(0.95));
    }

    [Test]
    public async Task AFileOfQuestionsThatCannotBeUsedIsOneClearLine()
    {
        using var folder = new TestFolder();
        var run = await CommandLine.RunAsync("bench", "--prompts", folder.Write("questions.jsonl", "What?\n"));

        Assert.That(run.ErrorLines, Has.Length.EqualTo(1), run.Error);
        Assert.That(run.Error, Does.StartWith("error: questions.jsonl, line 1: not a JSON object"));
    }

    [Test]
    public async Task TheEmbeddedPairIsMeasured()
    {
        using var folder = new TestFolder();
        var questions = folder.Write(
            "questions.jsonl",
            $$"""
            {"id": 1, "category": "story", "turns": ["Write a short story about a lighthouse keeper."]}
            {"id": 2, "category": "question", "turns": ["Why do leaves change their colour in autumn?"]}
            {"id": 3, "category": "long", "turns": ["{{string.Join(' ', Enumerable.Repeat("word", 300))}}"]}
            """);
        var results = folder.File("results");
        var run = await CommandLine.RunAsync(["bench", "--prompts", questions, "-c", "256", "--stock", "-o", results, .. Short]);

        Assert.That(run.ExitCode, Is.Zero, run.Error);
        string[] rows = [.. run.Output.Split('\n').SkipWhile(static line => !line.StartsWith("| system", StringComparison.Ordinal)).Take(5)];
        Assert.That(
            rows.Select(static row => row.Split('|')[1].Trim()),
            Is.EqualTo((string[])["system", "---", "plain", "plain, rows off", "fixed:2"]));
        Assert.That(run.Output, Does.Contain("\n## Temperature 0\n2 questions, 2 answers of each system.\n").And.Contain("\n## Temperature 1\n"));
        Assert.That(run.Output, Does.Contain("Skipped: 1.\n- question 3: its 3").And.Contain("tokens and an answer of 16 exceed the context of 256\n"));
        Assert.That(run.Error, Does.Contain("1 of 4: story 1").And.Contain("written to"));

        string[] files = [.. Directory.EnumerateFiles(results).Select(static path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
        Assert.That(files.Select(static name => Path.GetExtension(name)), Is.EqualTo((string[])[".html", ".json", ".md"]));
        Assert.That(files, Has.All.Match(@"^bench-target-\d{8}-\d{6}\.\w+$"));
        Assert.That(await File.ReadAllTextAsync(Path.Combine(results, files[2])), Is.EqualTo(run.Output));
    }

    [Test]
    public async Task WithoutADraftWhatNeedsNoneIsMeasured()
    {
        using var folder = new TestFolder();
        var questions = folder.Write(
            "questions.jsonl",
            """
            {"id": 1, "category": "story", "turns": ["Write a short story about a lighthouse keeper."]}
            {"id": 2, "category": "question", "turns": ["Why do leaves change their colour in autumn?"]}
            """);
        var run = await CommandLine.RunAsync(
            "bench", "--no-draft", "--json", "--policies", "off", "--prompts", questions, "--category", "question", "--max-tokens", "16", "--temperatures", "0", "-t", "1");

        Assert.That(run.ExitCode, Is.Zero, run.Error);
        using var document = JsonDocument.Parse(run.Output);
        Assert.That(
            document.RootElement.GetProperty("rows").EnumerateArray().Select(static row => $"{row.GetProperty("policy")} {row.GetProperty("category")}"),
            Is.EqualTo((string[])["plain all", "plain question", "off all", "off question"]));
        Assert.That(document.RootElement.GetProperty("run").GetProperty("draft").ValueKind, Is.EqualTo(JsonValueKind.Null));
    }

    [Test]
    public async Task JsonIsAloneOnStandardOutput()
    {
        var run = await CommandLine.RunAsync(["bench", "--json", "--limit-per-category", "1", .. Short]);
        using var document = JsonDocument.Parse(run.Output);
        JsonElement[] rows = [.. document.RootElement.GetProperty("rows").EnumerateArray()];

        Assert.That(run.ExitCode, Is.Zero, run.Error);
        Assert.That(
            rows.Select(static row => (row.GetProperty("policy").GetString(), row.GetProperty("temperature").GetSingle(), row.GetProperty("category").GetString())),
            Is.EqualTo(new[]
            {
                ("plain", 0f, "all"), ("plain", 0f, "built-in"), ("fixed:2", 0f, "all"), ("fixed:2", 0f, "built-in"),
                ("plain", 1f, "all"), ("plain", 1f, "built-in"), ("fixed:2", 1f, "all"), ("fixed:2", 1f, "built-in"),
            }));
        Assert.That(rows.Select(static row => row.GetProperty("target").GetString()), Has.All.EqualTo("target.gguf"));
        Assert.That(rows[2].GetProperty("speedUp").GetDouble(), Is.Positive);
        Assert.That(rows[2].GetProperty("acceptanceRate").GetDouble(), Is.InRange(0, 1));
        Assert.That(rows[2].GetProperty("shareOfRoundsWithoutDraft").GetDouble(), Is.InRange(0, 1));
    }

    [Test]
    public async Task CtrlCWhileLoadingIsCancelled()
    {
        TestTerminal terminal = null!;
        terminal = new TestTerminal { Error = new WatchedWriter("loading: target and draft", () => terminal.Terminal.Interrupts.TryRaise()) { NewLine = "\n" } };
        var run = await CommandLine.RunAsync(terminal, ["bench", "--json", "--limit-per-category", "1", .. Short]);

        Assert.That(run.ExitCode, Is.EqualTo(ExitCode.Cancelled));
        Assert.That(run.Error, Does.EndWith("cancelled\n"));
        Assert.That(run.Output, Is.Empty);
    }
}
