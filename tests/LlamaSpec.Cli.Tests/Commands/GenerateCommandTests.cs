using System.Text.Json;
using LlamaSpec.Cli.Tests.Fakes;

namespace LlamaSpec.Cli.Tests.Commands;

[TestFixture]
public sealed class GenerateCommandTests
{
    private const string Prompt = "Tell me about the sea.";

    [Test]
    public async Task OnlyTheTextIsOnStdout()
    {
        var json = await CommandLine.RunAsync("generate", Prompt, "-n", "12", "-s", "7", "-t", "1", "--json");
        var run = await CommandLine.RunAsync("generate", Prompt, "-n", "12", "-s", "7", "-t", "1", "--stats");

        using var document = JsonDocument.Parse(json.Output);
        Assert.That(run.ExitCode, Is.Zero);
        Assert.That(run.Output, Is.EqualTo(document.RootElement.GetProperty("text").GetString()!.TrimEnd('\n') + "\n"));
        Assert.That(run.Error, Does.Contain("12 tokens at").And.Contain("mean acceptance length").And.Contain("managed overhead"));
    }

    [Test]
    public async Task WithoutStatsNothingIsOnStderr()
    {
        var run = await CommandLine.RunAsync("generate", Prompt, "-n", "3", "-t", "1");

        Assert.That(run.Error, Is.Empty);
        Assert.That(run.Output, Is.Not.Empty);
    }

    [Test]
    public async Task JsonIsOneDocumentWithTextTokensFinishReasonAndStats()
    {
        var run = await CommandLine.RunAsync("generate", Prompt, "-n", "8", "-t", "1", "--policy", "fixed:2", "--json");

        using var document = JsonDocument.Parse(run.Output);
        var names = document.RootElement.EnumerateObject().Select(static property => property.Name);
        Assert.That(names, Is.EqualTo(["text", "tokens", "finishReason", "stats"]));
        Assert.That(document.RootElement.GetProperty("tokens").GetInt32(), Is.EqualTo(8));
        Assert.That(document.RootElement.GetProperty("finishReason").GetString(), Is.EqualTo("tokenLimit"));
        Assert.That(document.RootElement.GetProperty("stats").GetProperty("generatedTokens").GetInt32(), Is.EqualTo(8));
        Assert.That(document.RootElement.GetProperty("stats").GetProperty("draftedTokens").GetInt32(), Is.Positive);
    }

    [Test]
    public async Task ExplainSaysWhyEachRoundStopped()
    {
        var run = await CommandLine.RunAsync("generate", Prompt, "-n", "12", "-t", "1", "--temp", "0", "--explain");
        Assert.That(run.Error, Does.Contain("why the draft ended").And.Match("\\n +2 +\\d+ .*(pass|token|draft|off)").And.Contain("expected; "));

        var json = await CommandLine.RunAsync("generate", Prompt, "-n", "12", "-t", "1", "--temp", "0", "--policy", "fixed:2", "--explain", "--json");
        using var document = JsonDocument.Parse(json.Output);
        var rounds = document.RootElement.GetProperty("rounds").EnumerateArray().ToList();
        Assert.That(rounds.Sum(static round => round.GetProperty("accepted").GetInt32() + 1), Is.InRange(12, 14));
        Assert.That(rounds[1].GetProperty("drafted").GetInt32(), Is.EqualTo(2));
        Assert.That(rounds[1].GetProperty("milliseconds").GetDouble(), Is.Positive);
        Assert.That(rounds[1].GetProperty("expectedAccepted").ValueKind, Is.EqualTo(JsonValueKind.Null), "A fixed length predicts nothing.");
    }

    [Test]
    public async Task TheSameSeedDrawsTheSameText()
    {
        string[] arguments = ["generate", Prompt, "-n", "16", "--seed", "18446744073709551615", "-t", "1"];
        var first = await CommandLine.RunAsync(arguments);
        var second = await CommandLine.RunAsync(arguments);

        Assert.That(first.ExitCode, Is.Zero);
        Assert.That(second.Output, Is.EqualTo(first.Output));
    }

    [Test]
    public async Task EveryWayToGiveThePromptGivesTheSameText()
    {
        using var folder = new TestFolder();
        var file = folder.Write("prompt.txt", Prompt + "\n");
        string[] options = ["generate", "-n", "6", "--temp", "0", "-t", "1"];
        CliRun[] runs =
        [
            await CommandLine.RunAsync([.. options, Prompt]),
            await CommandLine.RunAsync([.. options, "-p", Prompt]),
            await CommandLine.RunAsync([.. options, "-f", file]),
            await CommandLine.RunWithInputAsync(Prompt + "\r\n", options),
            await CommandLine.RunWithInputAsync(Prompt + "\n", [.. options, "-f", "-"]),
        ];

        Assert.That(runs.Select(static run => run.ExitCode), Is.All.Zero);
        Assert.That(runs.Select(static run => run.Output).Distinct().Count(), Is.EqualTo(1));
    }

    [Test]
    public async Task WithoutAPromptATerminalGetsABuiltInOneAndIsToldSo()
    {
        var terminal = new TestTerminal { IsInputTerminal = true, Input = new ScriptedReader() };
        var run = await CommandLine.RunAsync(terminal, "generate", "-n", "6", "--temp", "0", "-t", "1");
        var same = await CommandLine.RunAsync("generate", "Tell me a short story about a lighthouse.", "-n", "6", "--temp", "0", "-t", "1");

        Assert.That(run.ExitCode, Is.Zero, run.Error);
        Assert.That(run.Output, Is.EqualTo(same.Output));
        Assert.That(run.ErrorLines, Has.Length.EqualTo(1));
        Assert.That(run.Error, Does.Contain("\"Tell me a short story about a lighthouse.\"").And.Contain("llamaspec generate \""));
    }

    [Test]
    public async Task AnEmptyPromptAtATerminalIsStillAnError()
    {
        using var folder = new TestFolder();
        foreach (var source in (string[][])[["-p", " "], ["-f", folder.Write("empty.txt", string.Empty)]])
        {
            var run = await CommandLine.RunAsync(new TestTerminal { IsInputTerminal = true, Input = new ScriptedReader() }, ["generate", .. source]);

            Assert.That(run.ExitCode, Is.EqualTo(ExitCode.Usage));
            Assert.That(run.Error, Does.StartWith("error: The prompt is empty."));
        }
    }

    [Test]
    public async Task RawContinuesWhereTheChatTemplateAnswers()
    {
        var prompts = await Task.WhenAll(
            PromptTokensAsync("generate", "Once upon a time", "--raw"),
            PromptTokensAsync("generate", "Once upon a time"),
            PromptTokensAsync("generate", "Once upon a time", "--system", "Be brief."));

        Assert.That(prompts[0], Is.EqualTo(4));
        Assert.That(prompts[1], Is.GreaterThan(20));
        Assert.That(prompts[2], Is.InRange(10, prompts[1] - 1));
    }

    [Test]
    public async Task AStopTextEndsTheAnswerAndIsNotShown()
    {
        var whole = await CommandLine.RunAsync("generate", Prompt, "-n", "30", "--temp", "0", "-t", "1");
        var word = whole.Output.Split(' ')[3];
        var run = await CommandLine.RunAsync("generate", Prompt, "-n", "30", "--temp", "0", "-t", "1", "--stop", "never written", "--stop", word);

        Assert.That(run.ExitCode, Is.Zero);
        Assert.That(run.Output.TrimEnd('\n'), Is.EqualTo(whole.Output[..whole.Output.IndexOf(word, StringComparison.Ordinal)]));
    }

    [Test]
    public async Task EveryOptionOfLlamaCppIsUnderstood()
    {
        var run = await CommandLine.RunAsync(
            "generate", "-p", Prompt, "-m", TestFolder.TargetPath, "-d", TestFolder.DraftPath, "--predict", "4", "--temp", "0.7", "--top-k", "20",
            "--top-p", "0.9", "--min-p", "0.1", "--repeat-penalty", "1.1", "--frequency-penalty", "0.1", "--presence-penalty", "-0.1",
            "--repeat-last-n", "32", "--logit-bias", "42=-1.5", "--logit-bias", "43=-inf", "--seed", "-1", "--policy", "fixed:12",
            "-c", "256", "-t", "1", "-td", "1", "-ngl", "0", "--flash-attn", "off", "--json");

        Assert.That(run.Error, Is.Empty);
        Assert.That(run.ExitCode, Is.Zero);
    }

    [Test]
    public async Task AnAnswerWithoutLimitEndsWithTheContext()
    {
        var run = await CommandLine.RunAsync("generate", "--raw", "one two one two", "-n", "-1", "-c", "32", "--temp", "0", "-t", "1", "--json");

        Assert.That(run.Output, Does.Contain("\"contextFull\"").Or.Contain("\"endOfText\""));
        Assert.That(run.ExitCode, Is.Zero);
    }

    [Test]
    public async Task NoDraftIsPlainDecoding()
    {
        var run = await CommandLine.RunAsync("generate", Prompt, "-n", "4", "-t", "1", "--no-draft", "--stats");

        Assert.That(run.ExitCode, Is.Zero);
        Assert.That(run.Error, Does.Contain("4 rounds").And.Contain("drafting was off").And.Not.Contain("warning"));
    }

    [Test]
    public async Task AnUnusableDraftCostsOneLineOfWarning()
    {
        using var folder = new TestFolder();
        string[] drafts = [folder.WriteDraftOfAnotherTarget(), folder.Write("empty.gguf", string.Empty), folder.File("missing.gguf")];
        foreach (var draft in drafts)
        {
            var run = await CommandLine.RunAsync("generate", Prompt, "-n", "3", "-t", "1", "-d", draft);

            Assert.That(run.ExitCode, Is.Zero, draft);
            Assert.That(run.Output, Is.Not.Empty);
            Assert.That(run.ErrorLines, Has.Length.EqualTo(1));
            Assert.That(run.Error, Does.StartWith("warning: the draft model does not draft:"));
        }
    }

    private static async Task<int> PromptTokensAsync(params string[] arguments)
    {
        var run = await CommandLine.RunAsync([.. arguments, "-n", "1", "-t", "1", "--json"]);
        using var document = JsonDocument.Parse(run.Output);
        return document.RootElement.GetProperty("stats").GetProperty("promptTokens").GetInt32();
    }
}
