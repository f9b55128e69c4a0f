using LlamaSpec.Cli.Tests.Fakes;

namespace LlamaSpec.Cli.Tests.Commands;

/// <summary>--output, and what Ctrl-C leaves behind.</summary>
[TestFixture]
public sealed class GenerateOutputTests
{
    private const string Prompt = "Tell me about the sea.";

    [Test]
    public async Task TheOutputFileHoldsWhatStdoutGot()
    {
        using var folder = new TestFolder();
        var file = folder.Write("answer.txt", "old");
        var run = await CommandLine.RunAsync("generate", Prompt, "-n", "5", "-t", "1", "-o", file);

        Assert.That(run.ExitCode, Is.Zero);
        Assert.That(File.ReadAllText(file), Is.EqualTo(run.Output));
        Assert.That(Directory.GetFiles(folder.Path), Has.Length.EqualTo(1));
    }

    [Test]
    public async Task AnOutputFileThatCannotBeIsAnErrorBeforeAnythingIsGenerated()
    {
        using var folder = new TestFolder();
        string[] outputs = [folder.File("missing/answer.txt"), Path.Combine(folder.Write("file", "x"), "answer.txt"), folder.Path];
        foreach (var output in outputs)
        {
            var run = await CommandLine.RunAsync("generate", Prompt, "-m", "would-fail-later.gguf", "-o", output);

            Assert.That(run.ExitCode, Is.EqualTo(ExitCode.Failure));
            Assert.That(run.Error, Does.StartWith("error: Cannot write"));
            Assert.That(run.Output, Is.Empty);
        }
    }

    [Test]
    public async Task CancellingKeepsTheOldOutputFile()
    {
        using var folder = new TestFolder();
        var file = folder.Write("answer.txt", "old");
        TestTerminal terminal = null!;
        terminal = new TestTerminal { Output = new WatchedWriter(" ", () => terminal.Terminal.Interrupts.TryRaise()) };
        var run = await CommandLine.RunAsync(terminal, "generate", Prompt, "-n", "-1", "--temp", "0", "-t", "1", "-o", file);

        Assert.That(run.ExitCode, Is.EqualTo(ExitCode.Cancelled));
        Assert.That(run.Error, Is.EqualTo("cancelled\n"));
        Assert.That(File.ReadAllText(file), Is.EqualTo("old"));
        Assert.That(Directory.GetFiles(folder.Path), Has.Length.EqualTo(1));
    }

    [Test]
    public async Task CancellingWhileLoadingIsOneLine()
    {
        TestTerminal terminal = null!;
        terminal = new TestTerminal
        {
            IsErrorTerminal = true,
            AllowsCursorMoves = false,
            Error = new WatchedWriter("loading", () => terminal.Terminal.Interrupts.TryRaise()) { NewLine = "\n" },
        };
        var run = await CommandLine.RunAsync(terminal, "generate", Prompt, "-t", "1");

        Assert.That(run.ExitCode, Is.EqualTo(ExitCode.Cancelled));
        Assert.That(run.Output, Is.Empty);
        Assert.That(run.Error, Does.EndWith(" \rcancelled\n"));
        Assert.That(run.Error, Does.Not.Contain("Exception"));
    }
}
