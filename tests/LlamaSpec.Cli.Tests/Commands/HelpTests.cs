using LlamaSpec.Cli.Tests.Fakes;

namespace LlamaSpec.Cli.Tests.Commands;

[TestFixture]
public sealed class HelpTests
{
    [TestCase("generate", "--ctx-size")]
    [TestCase("chat", "--system")]
    [TestCase("check", "--no-self-test")]
    [TestCase("calibrate", "--force")]
    [TestCase("demo", "--temperatures")]
    [TestCase("bench", "--limit-per-category")]
    [TestCase("train-ldlp", "--output")]
    [TestCase("train-trigram", "--text")]
    public async Task EveryCommandTeachesByExamples(string command, string option)
    {
        var run = await CommandLine.RunAsync(command, "--help");

        Assert.That(run.ExitCode, Is.Zero);
        Assert.That(run.Output, Does.Contain(option).And.Contain("Examples:").And.Contain($"    llamaspec {command} "));
        Assert.That(run.Output, Does.Not.Contain('\u001b'));
    }

    [Test]
    public async Task HelpSaysWhatGenerateDoesWithoutAPrompt()
    {
        var run = await CommandLine.RunAsync(new TestTerminal { Width = 400 }, "generate", "--help");

        Assert.That(run.Output, Does.Contain("At a terminal without any of these: a built-in one."));
        Assert.That(run.Output, Does.Match("(?m)^    llamaspec generate$"));
    }

    [Test]
    public async Task NoCommandShowsTheCommands()
    {
        var none = await CommandLine.RunAsync();
        var help = await CommandLine.RunAsync("--help");

        Assert.That(none.ExitCode, Is.Zero);
        Assert.That(none.Output, Is.EqualTo(help.Output));
        Assert.That(none.Output, Does.Contain("llamaspec [command]").And.Contain("generate").And.Contain("chat").And.Contain("check").And.Contain("calibrate").And.Contain("demo"));
    }

    [Test]
    public async Task TheVersionIsOneLine()
    {
        var run = await CommandLine.RunAsync("--version");

        Assert.That(run.ExitCode, Is.Zero);
        Assert.That(run.Output.TrimEnd(), Does.Match(@"^llamaspec \d+\.\d+\.\d+[^+\s]*$"));
    }

    [Test]
    public async Task ABadOptionPointsToTheHelpOfItsCommand()
    {
        var run = await CommandLine.RunAsync("generate", "x", "--temp", "hot");

        Assert.That(run.ErrorLines, Has.Length.EqualTo(2));
        Assert.That(run.ErrorLines[1], Is.EqualTo("'llamaspec generate --help' lists what can be given."));
    }
}
