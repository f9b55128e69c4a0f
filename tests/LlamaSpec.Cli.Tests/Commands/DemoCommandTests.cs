using System.Text.Json;
using LlamaSpec.Cli.Tests.Fakes;
using LlamaSpec.Native;

namespace LlamaSpec.Cli.Tests.Commands;

[TestFixture]
public sealed class DemoCommandTests
{
    private static readonly string[] ResultNames =
    [
        "temperature", "policy", "plainTokensPerSecond", "speculativeTokensPerSecond", "speedUp", "acceptanceRate", "meanAcceptanceLength",
        "identical", "divergences", "managedOverheadMilliseconds", "disabledReason",
    ];

    [Test]
    public async Task JsonHasExactlyTheAgreedNames()
    {
        var run = await CommandLine.RunAsync("demo", "--json", "-n", "16", "--limit", "2", "-t", "1", "--policies", "adaedl,fixed:2,off");
        using var document = JsonDocument.Parse(run.Output);
        var root = document.RootElement;
        JsonElement[] results = [.. root.GetProperty("results").EnumerateArray()];

        Assert.That(run.ExitCode, Is.Zero);
        Assert.That(run.Error, Is.Empty);
        Assert.That(root.EnumerateObject().Select(static property => property.Name), Is.EqualTo(["target", "draft", "results"]));
        Assert.That((root.GetProperty("target").GetString(), root.GetProperty("draft").GetString()), Is.EqualTo(("target.gguf", "draft.gguf")));
        Assert.That(results, Has.Length.EqualTo(6));
        foreach (var result in results)
        {
            Assert.That(result.EnumerateObject().Select(static property => property.Name), Is.EqualTo(ResultNames));
            Assert.That(result.GetProperty("plainTokensPerSecond").GetDouble(), Is.Positive);
            Assert.That(result.GetProperty("speculativeTokensPerSecond").GetDouble(), Is.Positive);
            Assert.That(result.GetProperty("speedUp").GetDouble(), Is.Positive);
            Assert.That(result.GetProperty("acceptanceRate").GetDouble(), Is.InRange(0, 1));
            Assert.That(result.GetProperty("meanAcceptanceLength").GetDouble(), Is.GreaterThanOrEqualTo(1));
            Assert.That(result.GetProperty("managedOverheadMilliseconds").GetDouble(), Is.Not.Negative);
            foreach (var divergence in result.GetProperty("divergences").EnumerateArray())
            {
                Assert.That(divergence.EnumerateObject().Select(static property => property.Name), Is.EqualTo(["prompt", "position", "topTwoGap"]));
            }
        }

        Assert.That(results.Select(static result => (result.GetProperty("temperature").GetSingle(), result.GetProperty("policy").GetString())), Is.EqualTo(
            new[] { (0f, "adaedl"), (0f, "fixed:2"), (0f, "off"), (0.8f, "adaedl"), (0.8f, "fixed:2"), (0.8f, "off") }));
    }

    [Test]
    public async Task AtTemperatureZeroTheTextIsTheSameOrTheDifferenceIsANearTie()
    {
        var run = await CommandLine.RunAsync("demo", "--json", "-n", "48", "--limit", "3", "-t", "1", "--temperatures", "0", "--policies", "fixed:4");
        using var document = JsonDocument.Parse(run.Output);
        var result = document.RootElement.GetProperty("results")[0];
        JsonElement[] divergences = [.. result.GetProperty("divergences").EnumerateArray()];

        Assert.That(result.GetProperty("identical").GetBoolean(), Is.EqualTo(divergences.Length == 0));
        Assert.That(divergences.Select(static divergence => divergence.GetProperty("topTwoGap").GetSingle()), Is.All.LessThan(0.1f));
        Assert.That(result.GetProperty("acceptanceRate").GetDouble(), Is.GreaterThan(0.2));
        Assert.That(result.GetProperty("disabledReason").ValueKind, Is.EqualTo(JsonValueKind.Null));
    }

    [Test]
    public async Task DrawnTextsDifferAndTheirDivergencesAreListed()
    {
        var run = await CommandLine.RunAsync("demo", "--json", "-n", "24", "--limit", "2", "-t", "1", "--temperatures", "1.2", "--policies", "fixed:3");
        using var document = JsonDocument.Parse(run.Output);
        var result = document.RootElement.GetProperty("results")[0];

        Assert.That(result.GetProperty("identical").GetBoolean(), Is.False);
        Assert.That(result.GetProperty("divergences").EnumerateArray().Select(static divergence => divergence.GetProperty("prompt").GetInt32()), Is.EqualTo([0, 1]));
    }

    [Test]
    public async Task ATableForPeopleFitsEightyColumnsAndExplainsItself()
    {
        var run = await CommandLine.RunAsync(new TestTerminal { Width = 80 }, "demo", "--no-widened", "-n", "8", "--limit", "1", "-t", "1");
        var lines = run.Output.Split('\n');
        var table = lines.SkipWhile(static line => !line.StartsWith("1 prompt,", StringComparison.Ordinal)).Skip(1).TakeWhile(static line => !line.StartsWith("At", StringComparison.Ordinal));

        Assert.That(run.ExitCode, Is.Zero);
        Assert.That(run.Output, Does.Contain("demonstration model: fluent, repetitive at temperature 0, not knowledgeable"));
        Assert.That(run.Output, Does.Match(@"machine  \d+ processors?, \w+, (fast rows|llama.cpp's own rows), llama.cpp 0\.5\.0"));
        Assert.That(run.Output, Does.Match(@"(?m)^ 0 +adaedl +[\d.]+ +[\d.]+ +[\d.]+x"));
        Assert.That(run.Output, Does.Contain("At temperature 0 with adaedl:").And.Contain("At temperature 0.8 with adaedl:"));
        Assert.That(run.Output, LlamaBackend.FastRowInstructions is null
            ? Does.Not.Contain("Fast rows:")
            : Does.Match(@"Fast rows: plain decoding is [\d.]+x as fast as with llama\.cpp's own kernels \([\d.]+ tokens/s with --rows off\)"));
        Assert.That(table.Select(static line => line.TrimEnd().Length), Is.All.LessThanOrEqualTo(80));
        Assert.That(run.Output, Does.Not.Contain('\u001b'));
    }

    [Test]
    public async Task WithoutFastRowsThereIsNothingToCompareThemWith()
    {
        var run = await CommandLine.RunAsync("demo", "--no-widened", "-n", "4", "--limit", "1", "-t", "1", "--temperatures", "0", "--rows", "off");

        Assert.That(run.ExitCode, Is.Zero);
        Assert.That(run.Output, Does.Contain("llama.cpp's own rows").And.Not.Contain("Fast rows:"));
    }

    [Test]
    public async Task ADraftThatCannotBeUsedIsStatedInTheResult()
    {
        using var folder = new TestFolder();
        var run = await CommandLine.RunAsync("demo", "--json", "-n", "4", "--limit", "1", "-t", "1", "--temperatures", "0", "-d", folder.WriteDraftOfAnotherTarget());
        using var document = JsonDocument.Parse(run.Output);
        var result = document.RootElement.GetProperty("results")[0];

        Assert.That(run.ExitCode, Is.Zero);
        Assert.That(run.Error, Does.StartWith("warning: the draft model does not draft"));
        Assert.That(document.RootElement.GetProperty("draft").GetString(), Is.EqualTo("other-draft.gguf"));
        Assert.That(result.GetProperty("disabledReason").GetString(), Does.Contain("the draft was trimmed for a target with 49153 tokens"));
        Assert.That(result.GetProperty("identical").GetBoolean(), Is.True);
    }

    [Test]
    public async Task APromptFileReplacesTheBuiltInPrompts()
    {
        using var folder = new TestFolder();
        var file = folder.Write("prompts.jsonl", "{\"category\":\"a\",\"turns\":[\"Name a tree.\",\"And a bird.\"]}\n\nName a river.\n");
        var run = await CommandLine.RunAsync("demo", "--no-widened", "-n", "4", "-t", "1", "--temperatures", "0", "--prompts", file);

        Assert.That(run.ExitCode, Is.Zero);
        Assert.That(run.Output, Does.Contain("2 prompts, up to 4 tokens each"));
    }

    [Test]
    public async Task ATargetOfYourOwnIsOnlyWidenedWhenAsked()
    {
        var run = await CommandLine.RunAsync(
            "demo", "-m", TestFolder.TargetPath, "-d", TestFolder.DraftPath, "-n", "4", "--limit", "1", "-t", "1", "--temperatures", "0");

        Assert.That(run.ExitCode, Is.Zero);
        Assert.That(run.Output + run.Error, Does.Not.Contain("widened"));
    }

    [Test]
    public async Task ATerminalShowsTheFirstAnswerLiveBeforeTheTable()
    {
        var terminal = new TestTerminal { IsOutputTerminal = true, IsErrorTerminal = true, AllowsColor = false, Width = 80 };
        var run = await CommandLine.RunAsync(terminal, "demo", "--no-widened", "-n", "8", "--limit", "1", "-t", "1", "--temperatures", "0");

        Assert.That(run.Output, Does.Match("plain: .*tokens/s").And.Match(@"speculative \(auto\): .*tokens/s"));
        Assert.That(run.Output.IndexOf("plain:", StringComparison.Ordinal), Is.LessThan(run.Output.IndexOf("speed-up", StringComparison.Ordinal)));
        Assert.That(run.Error, Does.Contain("measuring: answer 1 of 4"));
        Assert.That(run.Output, Does.Not.Match("\u001b\\[[0-9;]*[39][0-7]m"), "NO_COLOR");
    }

    [Test]
    public async Task CtrlCEndsItWithoutATable()
    {
        TestTerminal terminal = null!;
        terminal = new TestTerminal
        {
            IsErrorTerminal = true,
            AllowsCursorMoves = false,
            Error = new WatchedWriter("measuring", () => terminal.Terminal.Interrupts.TryRaise()) { NewLine = "\n" },
        };
        var run = await CommandLine.RunAsync(terminal, "demo", "--json", "-t", "1");

        Assert.That(run.ExitCode, Is.EqualTo(ExitCode.Cancelled));
        Assert.That(run.Error, Does.EndWith("cancelled\n"));
        Assert.That(run.Output, Is.Empty);
    }
}
