using System.Text.Json;
using LlamaSpec.Cli.Tests.Fakes;

namespace LlamaSpec.Cli.Tests.Commands;

[TestFixture]
public sealed class ChatCommandTests
{
    private static readonly string[] Chat = ["chat", "-t", "1", "--temp", "0", "-n", "8"];

    [Test]
    public async Task APipeGetsOneAnswerALineAndNothingElse()
    {
        var run = await CommandLine.RunWithInputAsync("Hello!\n\nName a colour.\n", Chat);

        Assert.That(run.ExitCode, Is.Zero);
        Assert.That(run.Output.TrimEnd('\n').Split('\n').Where(static line => line.Length > 0).ToArray(), Has.Length.GreaterThanOrEqualTo(2));
        Assert.That(run.Output, Does.Not.Contain('>').And.Not.Contain('\u001b'));
        Assert.That(run.Error, Is.Empty);
    }

    [Test]
    public async Task TheModelSeesTheWholeConversation()
    {
        using var folder = new TestFolder();
        var file = folder.File("chat.json");
        var run = await CommandLine.RunWithInputAsync($"/system Be brief.\nHello!\nName a\\\ncolour.\n/stats\n/save {file}\n", Chat);
        var messages = ReadMessages(file);

        Assert.That(run.ExitCode, Is.Zero);
        Assert.That(messages.Select(static message => message.Role), Is.EqualTo(["system", "user", "assistant", "user", "assistant"]));
        Assert.That(messages[0].Content, Is.EqualTo("Be brief."));
        Assert.That(messages[3].Content, Is.EqualTo("Name a\ncolour."));
        Assert.That(run.Output, Is.EqualTo($"{messages[2].Content}\n{messages[4].Content}\n"));

        // What the first answer left in the KV cache is not computed again.
        Assert.That(run.Error, Does.Match(@"prompt of \d+ tokens \([1-9]\d+ still in the KV cache\)"));
    }

    [Test]
    public async Task UndoResetRegenAndLoadChangeTheHistory()
    {
        using var folder = new TestFolder();
        var (first, second, third, fourth) = (folder.File("1.json"), folder.File("2.json"), folder.File("3.json"), folder.File("4.json"));
        var script = $"One.\nTwo.\n/save {first}\n/undo\n/save {second}\n/temp 1.5\n/regen\n/save {third}\n/reset\n/load {first}\n/save {fourth}\n";
        var run = await CommandLine.RunWithInputAsync(script, [.. Chat, "-s", "5"]);

        Assert.That(run.ExitCode, Is.Zero, run.Error);
        Assert.That(ReadMessages(second), Is.EqualTo(ReadMessages(first)[..2]));
        Assert.That(ReadMessages(third)[0], Is.EqualTo(ReadMessages(second)[0]));
        Assert.That(ReadMessages(third)[1], Is.Not.EqualTo(ReadMessages(second)[1]));
        Assert.That(ReadMessages(fourth), Is.EqualTo(ReadMessages(first)));
    }

    [Test]
    public async Task HelpListsEveryCommandAndExitEnds()
    {
        var run = await CommandLine.RunWithInputAsync("/help\n/policy fixed:2\n/EXIT\nnever answered\n", Chat);

        Assert.That(run.ExitCode, Is.Zero);
        Assert.That(run.Output, Is.Empty);
        foreach (var command in (string[])["/help", "/reset", "/system", "/save", "/load", "/stats", "/policy", "/temp", "/regen", "/undo", "/exit"])
        {
            Assert.That(run.Error, Does.Contain($"{command} "));
        }

        Assert.That(run.Error, Does.Contain("(policy fixed:2)"));
    }

    [TestCase("/frobnicate", "There is no command /frobnicate")]
    [TestCase("/temp -1", "/temp must be a number from 0 to 100")]
    [TestCase("/temp", "/temp must be a number from 0 to 100")]
    [TestCase("/policy fast", "\"fast\" is not a policy")]
    [TestCase("/save", "/save needs a file name")]
    [TestCase("/save missing/folder/chat.json", "there is no folder")]
    [TestCase("/load missing.json", "Cannot load missing.json")]
    [TestCase("/regen", "There is nothing to answer again")]
    public async Task AWrongCommandIsReportedAndTheChatGoesOn(string command, string message)
    {
        var run = await CommandLine.RunWithInputAsync($"{command}\nHello!\n", Chat);

        Assert.That(run.ErrorLines, Has.Length.EqualTo(1));
        Assert.That(run.Error, Does.StartWith("error: ").And.Contain(message));
        Assert.That(run.Output, Is.Not.Empty);
        Assert.That(run.ExitCode, Is.EqualTo(ExitCode.Failure), "a script must learn that something failed");
    }

    [TestCase("no json")]
    [TestCase("{\"messages\":null}")]
    [TestCase("{\"messages\":[null]}")]
    [TestCase("{\"messages\":[{\"role\":\"user\",\"content\":\"unanswered\"}]}")]
    [TestCase("{\"messages\":[{\"role\":\"robot\",\"content\":\"a\"},{\"role\":\"assistant\",\"content\":\"b\"}]}")]
    public async Task AFileThatIsNoChatIsRefusedAndTheChatKept(string content)
    {
        using var folder = new TestFolder();
        var (bad, saved) = (folder.Write("bad.json", content), folder.File("saved.json"));
        var run = await CommandLine.RunWithInputAsync($"Hello!\n/load {bad}\n/save {saved}\n", Chat);

        Assert.That(run.Error, Does.Contain($"error: Cannot load {bad}: it is no chat that /save wrote."));
        Assert.That(ReadMessages(saved), Has.Length.EqualTo(2));
    }

    [Test]
    public async Task TwoSlashesSendAMessageThatStartsWithOne()
    {
        using var folder = new TestFolder();
        var file = folder.File("chat.json");
        await CommandLine.RunWithInputAsync($"//reset\n/save {file}\n", Chat);

        Assert.That(ReadMessages(file)[0].Content, Is.EqualTo("/reset"));
    }

    [Test]
    public async Task WhenTheContextIsFullTheOldestTurnsGoAndTheSystemPromptStays()
    {
        using var folder = new TestFolder();
        var file = folder.File("chat.json");
        var questions = string.Concat(Enumerable.Range(1, 8).Select(static number => $"Question {number}: what is {number} plus {number}?\n"));
        var run = await CommandLine.RunWithInputAsync($"{questions}/save {file}\n", [.. Chat, "-c", "160", "--system", "Be brief."]);
        var messages = ReadMessages(file);

        Assert.That(run.ExitCode, Is.Zero, run.Error);
        Assert.That(run.Error, Does.Contain("(the context is full: the oldest"));
        Assert.That(messages[0], Is.EqualTo(("system", "Be brief.")));
        Assert.That(messages[1].Content, Does.Not.StartWith("Question 1:"));
        Assert.That(messages[^2].Content, Does.StartWith("Question 8:"));
    }

    [Test]
    public async Task AMessageThatNeverFitsIsReportedAndForgotten()
    {
        using var folder = new TestFolder();
        var file = folder.File("chat.json");
        var tooLong = string.Join(' ', Enumerable.Repeat("word", 200));
        var run = await CommandLine.RunWithInputAsync($"{tooLong}\nHello!\n/save {file}\n", [.. Chat, "-c", "128"]);

        Assert.That(run.Error, Does.Contain("but the context holds 128"));
        Assert.That(ReadMessages(file)[0].Content, Is.EqualTo("Hello!"));
    }

    [Test]
    public async Task AMessageThatNeverFitsLeavesTheConversation()
    {
        using var folder = new TestFolder();
        var file = folder.File("chat.json");
        var tooLong = string.Join(' ', Enumerable.Repeat("word", 200));
        var run = await CommandLine.RunWithInputAsync($"One.\nTwo.\n{tooLong}\n/save {file}\n", [.. Chat, "-c", "128"]);

        Assert.That(run.Error, Does.Contain("but the context holds 128").And.Not.Contain("forgotten"));
        Assert.That(ReadMessages(file).Where(static message => message.Role == "user"), Is.EqualTo(new[] { ("user", "One."), ("user", "Two.") }));
    }

    [Test]
    public async Task RegenThatMustForgetATurnLeavesNoSecondAnswer()
    {
        using var folder = new TestFolder();
        var saved = folder.File("saved.json");
        var run = await CommandLine.RunWithInputAsync($"/load {WriteLongChat(folder)}\n/regen\n/save {saved}\n", [.. Chat, "-c", "160"]);
        var messages = ReadMessages(saved);

        Assert.That(run.Error, Does.Contain("the oldest turn is forgotten"));
        Assert.That(messages, Has.Length.EqualTo(2));
        Assert.That(messages[0], Is.EqualTo(("user", "Hello!")));
        Assert.That(messages[1].Content, Is.Not.EqualTo("old answer"));
    }

    [TestCase("fixed:17", "/policy fixed:17 drafts more than the 16 tokens that this chat was started for")]
    [TestCase("fixed:20", "/policy fixed:20 drafts more than the 16 tokens that this chat was started for")]
    public async Task APolicyBeyondTheLongestDraftIsRefusedAndTheOldOneKept(string policy, string message)
    {
        var run = await CommandLine.RunWithInputAsync($"/policy {policy}\nHello!\n/stats\n", [.. Chat, "--policy", "off"]);

        Assert.That(run.ExitCode, Is.EqualTo(ExitCode.Failure));
        Assert.That(run.ErrorLines[0], Does.StartWith("error: ").And.Contain(message).And.Contain("fixed:1 to fixed:16").And.Contain("--draft-max"));
        Assert.That(run.Error, Does.Contain("0 of 0 drafted tokens"), "still off");
    }

    [Test]
    public async Task ALongerPolicyOnTheCommandLineWidensTheLimit()
    {
        var run = await CommandLine.RunWithInputAsync("/policy off\n/policy fixed:20\nHello!\n", [.. Chat, "--policy", "fixed:20"]);

        Assert.That(run.ExitCode, Is.Zero, run.Error);
        Assert.That(run.Error, Does.Contain("(policy fixed:20)"));
    }

    [Test]
    public async Task CtrlCStopsTheAnswerKeepsTheChatAndAtThePromptLeaves()
    {
        using var folder = new TestFolder();
        var file = folder.File("chat.json");
        TestTerminal terminal = null!;
        terminal = new TestTerminal
        {
            IsInputTerminal = true,
            Input = new ScriptedReader("Write a long story.", $"/save {file}", (Action)(() => terminal.Terminal.Interrupts.TryRaise())),
            Output = new WatchedWriter(" ", () => terminal.Terminal.Interrupts.TryRaise()) { NewLine = "\n" },
        };
        var run = await CommandLine.RunAsync(terminal, "chat", "-t", "1", "--temp", "0", "-n", "-1");

        Assert.That(run.ExitCode, Is.EqualTo(ExitCode.Cancelled));
        Assert.That(run.Error, Does.Contain("(stopped)").And.Contain("/help lists the commands").And.Contain("> "));
        Assert.That(ReadMessages(file), Is.EqualTo(new[] { ("user", "Write a long story."), ("assistant", run.Output[..^1]) }));
    }

    [Test]
    public async Task InAPipeCtrlCEndsTheScript()
    {
        TestTerminal terminal = null!;
        terminal = new TestTerminal
        {
            InputText = "Write a long story.\nNever asked.\n",
            Output = new WatchedWriter(" ", () => terminal.Terminal.Interrupts.TryRaise()),
        };
        var run = await CommandLine.RunAsync(terminal, "chat", "-t", "1", "--temp", "0", "-n", "-1");

        Assert.That(run.ExitCode, Is.EqualTo(ExitCode.Cancelled));
        Assert.That(run.Error, Is.EqualTo("cancelled\n"));
    }

    // Two turns, of which the first leaves the second one's question no room in a context of 160 tokens.
    private static string WriteLongChat(TestFolder folder)
    {
        var words = string.Join(' ', Enumerable.Repeat("word", 120));
        return folder.Write("long.json", $$"""
            {"messages":[
              {"role":"user","content":"First."},{"role":"assistant","content":"{{words}}"},
              {"role":"user","content":"Hello!"},{"role":"assistant","content":"old answer"}]}
            """);
    }

    private static (string? Role, string? Content)[] ReadMessages(string path)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(path));
        return [.. document.RootElement.GetProperty("messages").EnumerateArray().Select(static message =>
            (message.GetProperty("role").GetString(), message.GetProperty("content").GetString()))];
    }
}
