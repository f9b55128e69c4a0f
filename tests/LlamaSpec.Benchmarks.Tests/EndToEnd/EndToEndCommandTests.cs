using System.CommandLine;
using LlamaSpec.Benchmarks.EndToEnd;
using LlamaSpec.Native;

namespace LlamaSpec.Benchmarks.Tests.EndToEnd;

public sealed class EndToEndCommandTests
{
    private StringWriter _output = null!;
    private StringWriter _error = null!;

    [SetUp]
    public void CreateWriters() => (_output, _error) = (new StringWriter(), new StringWriter());

    [TestCase("--policies", "fixed:2,fixed:0", "\"fixed:0\" is not a policy")]
    [TestCase("--temperatures", "0,warm", "--temperatures has \"warm\"")]
    [TestCase("--temperatures", "-1", "--temperatures must be")]
    [TestCase("--server-lengths", "0", "--server-lengths must be from 1 to 64")]
    [TestCase("--max-tokens", "8", "--max-tokens must be from 16")]
    [TestCase("--repeats", "0", "--repeats must be from 1")]
    [TestCase("--limit-per-category", "0", "--limit-per-category must be")]
    [TestCase("--ctx-size", "1", "--ctx-size must be")]
    [TestCase("--model", "other.gguf", "--model needs a --draft")]
    [TestCase("--server-draft", "full.gguf", "name the executable with --llama-server")]
    public async Task ABadOptionIsOneClearLine(string option, string value, string part)
    {
        Assert.That(await RunAsync("--prompts", "missing.jsonl", option, value), Is.EqualTo(1));
        Assert.That(_error.ToString(), Does.StartWith("error: ").And.Contain(part).And.Not.Contain("   at "));
        Assert.That(_output.ToString(), Is.Empty);
    }

    [Test]
    public async Task AMissingFileOfQuestionsIsOneClearLine()
    {
        Assert.That(await RunAsync("--prompts", "missing.jsonl"), Is.EqualTo(1));
        Assert.That(_error.ToString(), Does.StartWith("error: ").And.Contain("missing.jsonl").And.Not.Contain("   at "));
    }

    [Test]
    public async Task HelpTeaches()
    {
        Assert.That(await RunAsync("--help"), Is.Zero);
        Assert.That(_output.ToString(), Does.Contain("How it measures").And.Contain("end-to-end --prompts questions.jsonl --widen q8_0"));
    }

    [Test]
    public async Task TheEmbeddedPairIsMeasured()
    {
        if (LlamaBackend.FastRowInstructions is null)
        {
            Assert.Ignore("This processor has none of the instructions of the fast rows.");
        }

        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(
            folder["questions.jsonl"],
            $$"""
            {"id": 1, "category": "story", "turns": ["Write a short story about a lighthouse keeper."]}
            {"id": 2, "category": "question", "turns": ["Why do leaves change their colour in autumn?"]}
            {"id": 3, "category": "long", "turns": ["{{string.Join(' ', Enumerable.Repeat("word", 300))}}"]}
            """);
        string[] arguments = ["--max-tokens", "16", "--ctx-size", "256", "--temperatures", "0", "--policies", "fixed:2", "-t", "1", "-o", folder["."]];
        var code = await RunAsync(["--prompts", folder["questions.jsonl"], .. arguments]);

        Assert.That(code, Is.Zero, _error.ToString());
        string[] rows = [.. _output.ToString().Split('\n').Where(static line => line.Contains("rows o") && line.StartsWith("| ")).Take(5)];
        Assert.That(
            rows.Select(static row => row.Split('|')[1].Trim()),
            Is.EqualTo((string[])["system", "plain, rows off", "plain, rows on", "fixed:2, rows on", "fixed:2, rows off"]));
        Assert.That(_output.ToString(), Does.Contain("\n## Temperature 0\n2 questions, 2 answers of each system.\n"));
        Assert.That(_output.ToString(), Does.Contain("Skipped: 1.\n- question 3: its 3").And.Contain("tokens and an answer of 16 exceed the context of 256\n"));
        Assert.That(folder.FileNames, Has.Length.EqualTo(3));
        Assert.That(_error.ToString(), Does.Contain("1 of 2: story 1").And.Contain("written to"));
    }

    private Task<int> RunAsync(params string[] arguments) =>
        new RootCommand { new EndToEndCommand() }.Parse(["end-to-end", .. arguments]).InvokeAsync(new InvocationConfiguration { Output = _output, Error = _error });
}
