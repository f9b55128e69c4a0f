using System.Text.Json;
using System.Xml.Linq;
using LlamaSpec.Cli.Tests.Fakes;

namespace LlamaSpec.Cli.Tests.Commands;

[TestFixture]
public sealed class CheckCommandTests
{
    [Test]
    public async Task TheEmbeddedPairFitsAndPassesItsSelfTest()
    {
        var run = await CommandLine.RunAsync("check", "-t", "1", "-n", "24", "--no-advice");

        Assert.That(run.ExitCode, Is.Zero, run.Output);
        Assert.That(run.Error, Is.Empty);
        Assert.That(run.Output, Does.Contain("target.gguf").And.Contain("draft.gguf").And.Contain("llama.cpp 0.5.0").And.Contain("8192 (trimmed)"));
        Assert.That(run.Output, Does.Contain("\ncompatible: the draft has a token map").And.Contain("self-test passed: the target accepts"));
    }

    [Test]
    public async Task JsonSaysTheSame()
    {
        var run = await CommandLine.RunAsync("check", "-t", "1", "-n", "8", "--json");
        using var document = JsonDocument.Parse(run.Output);
        var root = document.RootElement;

        Assert.That(root.EnumerateObject().Select(static property => property.Name), Is.EqualTo(
            ["target", "draft", "compatible", "reason", "differences", "llamaVersion", "instructionSet", "fastRows", "gpus", "noGpuReason", "libraryDirectory", "selfTest", "advice"]));
        Assert.That(root.GetProperty("compatible").GetBoolean(), Is.True);
        Assert.That(root.GetProperty("target").GetProperty("vocabularySize").GetInt32(), Is.EqualTo(49152));
        Assert.That(root.GetProperty("draft").GetProperty("hasVocabulary").GetBoolean(), Is.False);
        Assert.That(root.GetProperty("selfTest").GetProperty("acceptanceRate").GetDouble(), Is.GreaterThanOrEqualTo(0.98));
        Assert.That(root.GetProperty("selfTest").GetProperty("passed").GetBoolean(), Is.True);
        var fastRows = root.GetProperty("fastRows");
        Assert.That(fastRows.GetProperty("asked").GetString(), Is.EqualTo("Auto"));
        Assert.That(fastRows.GetProperty("productsOfADecode").GetInt64() > 0, Is.EqualTo(fastRows.GetProperty("instructions").ValueKind == JsonValueKind.String));
    }

    [Test]
    public async Task TheAdviceIsMeasuredAndSaved([Values(".html", ".svg")] string extension)
    {
        using var folder = new TestFolder();
        var run = await CommandLine.RunAsync(
            "check", "-t", "1", "--no-self-test", "--also-draft", folder.WriteDraftOfAnotherTarget(), "--report", folder.File($"advice{extension}"), "--json");

        Assert.That(run.ExitCode, Is.Zero, run.Error);
        using var document = JsonDocument.Parse(run.Output);
        var drafts = document.RootElement.GetProperty("advice").GetProperty("drafts");
        Assert.That(drafts[0].GetProperty("bestSpeedUp").GetDouble(), Is.GreaterThanOrEqualTo(1), "Length 0 is always a candidate.");
        var greedy = drafts[0].GetProperty("forecasts")[0];
        Assert.That(greedy.GetProperty("survival").EnumerateArray().Select(static value => value.GetDouble()), Is.Ordered.Descending.And.All.InRange(0.01, 0.99));
        Assert.That(greedy.GetProperty("lengths").GetArrayLength(), Is.EqualTo(17));
        Assert.That(drafts[1].GetProperty("whyUnusable").GetString(), Does.Contain("trimmed for a target with 49153 tokens"));
        var saved = XDocument.Parse(SvgOf(System.IO.File.ReadAllText(folder.File($"advice{extension}"))));
        Assert.That(saved.Descendants().Count(static element => element.Name.LocalName == "polyline"), Is.EqualTo(2), "One line for each temperature.");
    }

    [Test]
    public async Task FastRowsCanBeSwitchedOff()
    {
        var run = await CommandLine.RunAsync("check", "-t", "1", "--no-self-test", "--no-advice", "--rows", "off");

        Assert.That(run.ExitCode, Is.Zero, run.Output);
        Assert.That(run.Output, Does.Contain("\nfast rows off, as asked"));
    }

    [Test]
    public async Task ADraftForAnotherTargetIsNotCompatible()
    {
        using var folder = new TestFolder();
        var run = await CommandLine.RunAsync("check", "-t", "1", "--no-self-test", "--no-advice", "-d", folder.WriteDraftOfAnotherTarget());

        Assert.That(run.ExitCode, Is.EqualTo(ExitCode.Failure));
        Assert.That(run.Output, Does.Contain("NOT compatible: the draft was trimmed for a target with 49153 tokens, but this one has 49152"));
    }

    [Test]
    public async Task TokensThatAreSpelledDifferentlyAreShown()
    {
        using var folder = new TestFolder();
        var run = await CommandLine.RunAsync("check", "-t", "1", "--no-self-test", "--no-advice", "-d", folder.WriteModelWithOtherSpelling());

        Assert.That(run.ExitCode, Is.EqualTo(ExitCode.Failure));
        Assert.That(run.Output, Does.Contain("NOT compatible: the vocabularies spell tokens differently"));
        Assert.That(run.Output, Does.Match("token \\d+: \".*unfortunately\" in the target, \".*vnfortunately\" in the draft"));
    }

    [Test]
    public async Task ADraftThatDoesNotLoadIsAFindingAndTheTargetIsStillTested()
    {
        using var folder = new TestFolder();
        var run = await CommandLine.RunAsync("check", "-t", "1", "-n", "8", "-d", folder.Write("empty.gguf", string.Empty));

        Assert.That(run.ExitCode, Is.EqualTo(ExitCode.Failure));
        Assert.That(run.Output, Does.Contain("NOT compatible").And.Contain("is empty").And.Contain("self-test passed"));
    }

    [Test]
    public async Task ATargetAloneCanBeChecked()
    {
        var run = await CommandLine.RunAsync("check", "-t", "1", "-n", "8", "-m", TestFolder.TargetPath);

        Assert.That(run.ExitCode, Is.Zero);
        Assert.That(run.Output, Does.Contain("no pair: no draft was given").And.Contain("self-test passed"));
    }

    private static string SvgOf(string text)
    {
        var start = text.IndexOf("<svg", StringComparison.Ordinal);
        return text[start..(text.IndexOf("</svg>", start, StringComparison.Ordinal) + "</svg>".Length)];
    }
}
