using System.Text.Json;
using LlamaSpec.Cli.Tests.Fakes;
using LlamaSpec.Drafting.ModelFree;
using LlamaSpec.Native;

namespace LlamaSpec.Cli.Tests.Commands;

[TestFixture]
public sealed class TrainTrigramCommandTests
{
    private static readonly string Story = string.Concat(Enumerable.Range(0, 200).Select(static i =>
        $"The {(i % 3 == 0 ? "old" : "young")} captain of ship number {i % 7} went to the harbour and looked at the sea for a long time.\n"));

    [Test]
    public async Task ATextGivesATableThatForetellsIt()
    {
        using var folder = new TestFolder();
        var file = folder.File("story.trigram");
        var run = await CommandLine.RunAsync("train-trigram", "--text", folder.Write("story.txt", Story), "-o", file);
        var table = TrigramTable.Load(file);

        Assert.That(run.ExitCode, Is.Zero, run.Error);
        Assert.That(run.Error, Is.Empty);
        Assert.That(run.Output, Does.Match(@"(?m)^read        \d+ tokens of 1 file; \d+ of them held out$"));
        Assert.That(run.Output, Does.Contain($"{table.KeyCount} pairs of tokens with {table.ContinuationCount} continuations").And.Contain($"written to  {file}"));
        Assert.That(run.Output, Does.Not.Contain("no more than the text itself"));
        Assert.That(table.KeyCount, Is.InRange(20, 200));
        Assert.That(Directory.GetFiles(folder.Path), Has.Length.EqualTo(2), "no file is left over");
    }

    [Test]
    public async Task SeveralTextsAndAnswersAreCountedTogether()
    {
        using var folder = new TestFolder();
        var target = folder.File("my-target.gguf");
        File.Copy(TestFolder.TargetPath, target);
        var prompts = folder.Write("prompts.jsonl", "{\"turns\":[\"Name a tree.\"]}\nTell me about rivers and lakes.\n");
        var run = await CommandLine.RunAsync(
            "train-trigram", "-t", "1", "--target", target, "--text", folder.Write("a.txt", Story), folder.Write("b.txt", Story), "--prompts", prompts, "--tokens", "16", "--json");
        using var document = JsonDocument.Parse(run.Output);
        var root = document.RootElement;

        Assert.That(run.ExitCode, Is.Zero, run.Error);
        Assert.That(root.EnumerateObject().Select(static property => property.Name), Is.EqualTo(
            [
                "target", "output", "outputBytes", "files", "answers", "temperature", "tokens", "heldOutTokens", "keys", "continuations", "forgotten", "memoryBytes",
                "firstShare", "listedShare", "firstShareWithoutTable", "listedShareWithoutTable",
            ]));
        Assert.That((root.GetProperty("files").GetInt32(), root.GetProperty("answers").GetInt32()), Is.EqualTo((2, 2)));
        Assert.That(root.GetProperty("output").GetString(), Is.EqualTo(folder.File("my-target.trigram")));
        Assert.That(root.GetProperty("outputBytes").GetInt64(), Is.EqualTo(new FileInfo(folder.File("my-target.trigram")).Length));
        Assert.That(root.GetProperty("firstShare").GetDouble(), Is.GreaterThan(0.5).And.GreaterThan(root.GetProperty("firstShareWithoutTable").GetDouble()));
        Assert.That(root.GetProperty("listedShare").GetDouble(), Is.InRange(root.GetProperty("firstShare").GetDouble(), 1));
        Assert.That(root.GetProperty("heldOutTokens").GetInt32(), Is.InRange(1, root.GetProperty("tokens").GetInt64() / 4));

        using var model = LlamaModel.Load(target);
        Assert.That(TrigramFile.TryLoad(TrigramFile.PathFor(target), model.Tokenizer, out var reason), Is.Not.Null, reason);
    }

    [TestCase("0")]
    [TestCase("1.5")]
    public async Task TheSameSeedGivesTheSameBytes(string temperature)
    {
        using var folder = new TestFolder();
        string[] arguments = ["train-trigram", "-t", "1", "--limit", "3", "-n", "24", "--temperature", temperature];
        await CommandLine.RunAsync([.. arguments, "-o", folder.File("a.trigram")]);
        await CommandLine.RunAsync([.. arguments, "-o", folder.File("b.trigram")]);
        await CommandLine.RunAsync([.. arguments, "-o", folder.File("c.trigram"), "--seed", "2"]);

        Assert.That(File.ReadAllBytes(folder.File("b.trigram")), Is.EqualTo(File.ReadAllBytes(folder.File("a.trigram"))));
        Assert.That(File.ReadAllBytes(folder.File("c.trigram")).SequenceEqual(File.ReadAllBytes(folder.File("a.trigram"))), Is.EqualTo(temperature == "0"));
        Assert.That(TrigramTable.Load(folder.File("a.trigram")).Origin.TokenCount, Is.InRange(20, 2 * 26));
    }

    [Test]
    public async Task KeysAndCountsCanBeLimited()
    {
        using var folder = new TestFolder();
        var text = folder.Write("story.txt", Story);
        await CommandLine.RunAsync("train-trigram", "--text", text, "-o", folder.File("few.trigram"), "--max-keys", "10");
        await CommandLine.RunAsync("train-trigram", "--text", text, "-o", folder.File("frequent.trigram"), "--min-count", "100000");

        Assert.That(TrigramTable.Load(folder.File("few.trigram")).KeyCount, Is.EqualTo(10));
        Assert.That(TrigramTable.Load(folder.File("frequent.trigram")).KeyCount, Is.Zero);
    }

    [Test]
    public async Task FilesThatAreMissingOrNoTextAreNamed()
    {
        using var folder = new TestFolder();
        var missing = await CommandLine.RunAsync("train-trigram", "--text", folder.File("none.txt"), "-o", folder.File("a.trigram"));
        var binary = await CommandLine.RunAsync("train-trigram", "--text", TestFolder.DraftPath, "-o", folder.File("a.trigram"));
        var isFolder = await CommandLine.RunAsync("train-trigram", "--text", folder.Path, "-o", folder.File("a.trigram"));
        var prompts = await CommandLine.RunAsync("train-trigram", "--prompts", folder.File("none.jsonl"), "-o", folder.File("a.trigram"));

        Assert.That((missing.ExitCode, binary.ExitCode, isFolder.ExitCode, prompts.ExitCode), Is.EqualTo((1, 1, 1, 1)));
        Assert.That(missing.Error, Does.StartWith("error: Cannot read").And.Contain("none.txt").And.Contain("no such file"));
        Assert.That(binary.Error, Does.Contain("draft.gguf").And.Contain("no text"));
        Assert.That(isFolder.Error, Does.Contain("Cannot read"));
        Assert.That(prompts.Error, Does.Contain("Cannot read prompts"));
        Assert.That(Directory.GetFiles(folder.Path), Is.Empty);
    }

    [TestCase("")]
    [TestCase("A short line.")]
    public async Task TooLittleTextIsSaid(string text)
    {
        using var folder = new TestFolder();
        var run = await CommandLine.RunAsync("train-trigram", "--text", folder.Write("a.txt", text), "-o", folder.File("a.trigram"));

        Assert.That(run.ExitCode, Is.EqualTo(ExitCode.Usage));
        Assert.That(run.Error, Does.Contain("Too little to learn from"));
        Assert.That(File.Exists(folder.File("a.trigram")), Is.False);
    }

    [Test]
    public async Task APlaceThatCannotBeWrittenIsNamed()
    {
        using var folder = new TestFolder();
        var run = await CommandLine.RunAsync("train-trigram", "--text", folder.Write("a.txt", Story), "-o", Path.Combine(folder.Path, "none", "a.trigram"));

        Assert.That(run.ExitCode, Is.EqualTo(1));
        Assert.That(run.Error, Does.StartWith("error: Cannot write").And.Contain("there is no folder").And.Contain("--output names another file"));
    }

    [Test]
    public async Task CtrlCLeavesTheOldFile()
    {
        using var folder = new TestFolder();
        var file = folder.Write("old.trigram", "what was there");
        TestTerminal terminal = null!;
        terminal = new TestTerminal
        {
            IsErrorTerminal = true,
            AllowsCursorMoves = false,
            Error = new WatchedWriter("answering: 2 of 3", () => terminal.Terminal.Interrupts.TryRaise()) { NewLine = "\n" },
        };
        var run = await CommandLine.RunAsync(terminal, "train-trigram", "-t", "1", "--limit", "3", "-n", "24", "-o", file);

        Assert.That(run.ExitCode, Is.EqualTo(ExitCode.Cancelled));
        Assert.That(File.ReadAllText(file), Is.EqualTo("what was there"));
        Assert.That(Directory.GetFiles(folder.Path), Is.EqualTo([file]));
    }

    [Test]
    public async Task ProgressIsShownWhileReading()
    {
        using var folder = new TestFolder();
        var terminal = new TestTerminal { IsErrorTerminal = true };
        await CommandLine.RunAsync(terminal, "train-trigram", "--text", folder.Write("a.txt", Story), "-o", folder.File("a.trigram"));

        Assert.That(terminal.Error.ToString(), Does.Contain("loading the model").And.Contain("reading: 100 % of 0.0 MiB").And.Contain("measuring"));
    }
}
