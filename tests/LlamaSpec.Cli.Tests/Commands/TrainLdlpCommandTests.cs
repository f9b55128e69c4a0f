using System.Text.Json;
using LlamaSpec.Cli.Tests.Fakes;
using LlamaSpec.Cli.Training;
using LlamaSpec.Models;
using LlamaSpec.Native;
using LlamaSpec.Policies.Ldlp;

namespace LlamaSpec.Cli.Tests.Commands;

[TestFixture]
public sealed class TrainLdlpCommandTests
{
    private static readonly string[] Small = ["train-ldlp", "-t", "1", "--limit", "3", "-n", "24", "--epochs", "2", "--width", "16"];

    [Test]
    public async Task ASmallRunWritesAPredictorThatFitsThePair()
    {
        using var folder = new TestFolder();
        var file = folder.File("small.ldlp");
        var run = await CommandLine.RunAsync([.. Small, "-o", file]);
        var weights = LdlpWeights.Load(file);

        Assert.That(run.ExitCode, Is.Zero, run.Error);
        Assert.That(run.Error, Is.Empty);
        Assert.That(run.Output, Does.Match(@"(?m)^samples +\d+ to learn from, \d+ held out, from 3 answers at temperature 0$"));
        Assert.That(run.Output, Does.Contain("best constant has").And.Contain("correlation").And.Contain($"written to   {file}"));
        Assert.That((weights.HiddenSize, weights.Width), Is.EqualTo((576, 16)));
        Assert.That(weights.Origin.TargetFingerprint, Is.EqualTo(ModelFingerprint.Of(TestFolder.TargetPath)));
        Assert.That(weights.Figures.TrainingSamples + weights.Figures.HeldOutSamples, Is.InRange(30, 3 * 24));
        Assert.That(Directory.GetFiles(folder.Path), Is.EqualTo([file]), "no file is left over");
    }

    [TestCase("0")]
    [TestCase("0.8")]
    public async Task TheSameSeedGivesTheSameBytes(string temperature)
    {
        using var folder = new TestFolder();
        string[] arguments = [.. Small, "--temperature", temperature];
        await CommandLine.RunAsync([.. arguments, "-o", folder.File("a.ldlp")]);
        await CommandLine.RunAsync([.. arguments, "-o", folder.File("b.ldlp")]);
        await CommandLine.RunAsync([.. arguments, "-o", folder.File("c.ldlp"), "--seed", "2"]);

        Assert.That(File.ReadAllBytes(folder.File("b.ldlp")), Is.EqualTo(File.ReadAllBytes(folder.File("a.ldlp"))));
        Assert.That(File.ReadAllBytes(folder.File("c.ldlp")), Is.Not.EqualTo(File.ReadAllBytes(folder.File("a.ldlp"))));
        Assert.That(LdlpWeights.Load(folder.File("a.ldlp")).Origin.Temperature, Is.EqualTo(float.Parse(temperature)));
    }

    [Test]
    public async Task WithoutAnOutputItLiesBesideTheDraft()
    {
        using var folder = new TestFolder();
        var draft = folder.File("my-draft.gguf");
        File.Copy(TestFolder.DraftPath, draft);
        var prompts = folder.Write("prompts.jsonl", "{\"turns\":[\"Name a tree.\"]}\nTell me about rivers and lakes.\nWrite a story about a dog.\n");
        var run = await CommandLine.RunAsync([.. Small, "-d", draft, "--prompts", prompts, "--json"]);
        using var document = JsonDocument.Parse(run.Output);
        var root = document.RootElement;

        Assert.That(run.ExitCode, Is.Zero, run.Error);
        Assert.That(root.EnumerateObject().Select(static property => property.Name), Is.EqualTo(
            [
                "target", "draft", "output", "outputBytes", "temperature", "prompts", "trainingSamples", "heldOutSamples", "width", "longestLength",
                "weightedError", "constantWeightedError", "absoluteError", "constantAbsoluteError", "correlation",
            ]));
        Assert.That(root.GetProperty("output").GetString(), Is.EqualTo(folder.File("my-draft.ldlp")));
        Assert.That(root.GetProperty("outputBytes").GetInt64(), Is.EqualTo(new FileInfo(folder.File("my-draft.ldlp")).Length));
        Assert.That(root.GetProperty("draft").GetString(), Is.EqualTo("my-draft.gguf"));
    }

    [Test]
    public async Task APlaceThatCannotBeWrittenIsNamedBeforeTheWork()
    {
        using var folder = new TestFolder();
        var missing = await CommandLine.RunAsync([.. Small, "-o", Path.Combine(folder.Path, "none", "a.ldlp")]);
        var isFolder = await CommandLine.RunAsync([.. Small, "-o", folder.Path]);

        Assert.That((missing.ExitCode, isFolder.ExitCode), Is.EqualTo((1, 1)));
        Assert.That(missing.Error, Does.StartWith("error: Cannot write").And.Contain("there is no folder").And.Contain("--output names another file"));
        Assert.That(isFolder.Error, Does.Contain("it is a folder").And.Contain("--output"));
        Assert.That(missing.ErrorLines, Has.Length.EqualTo(1));
    }

    [Test]
    public async Task CtrlCLeavesTheOldFile()
    {
        using var folder = new TestFolder();
        var file = folder.Write("old.ldlp", "what was there");
        TestTerminal terminal = null!;
        terminal = new TestTerminal
        {
            IsErrorTerminal = true,
            AllowsCursorMoves = false,
            Error = new WatchedWriter("recording: answer 2", () => terminal.Terminal.Interrupts.TryRaise()) { NewLine = "\n" },
        };
        var run = await CommandLine.RunAsync(terminal, [.. Small, "-o", file]);

        Assert.That(run.ExitCode, Is.EqualTo(ExitCode.Cancelled));
        Assert.That(File.ReadAllText(file), Is.EqualTo("what was there"));
        Assert.That(Directory.GetFiles(folder.Path), Is.EqualTo([file]));
    }

    [Test]
    public async Task PromptsThatGiveNothingToLearnAreSaid()
    {
        using var folder = new TestFolder();
        var one = await CommandLine.RunAsync([.. Small, "-o", folder.File("a.ldlp"), "--prompts", folder.Write("one.txt", "Tell me about the sea.\n")]);
        var none = await CommandLine.RunAsync([.. Small, "-o", folder.File("a.ldlp"), "--prompts", folder.File("missing.txt")]);

        Assert.That(one.ExitCode, Is.EqualTo(ExitCode.Usage));
        Assert.That(one.Error, Does.Contain("at least 2 prompts").And.Contain("Give more prompts"));
        Assert.That(none.ExitCode, Is.EqualTo(ExitCode.Failure));
        Assert.That(none.Error, Does.Contain("Cannot read prompts"));
        Assert.That(File.Exists(folder.File("a.ldlp")), Is.False);
    }

    [Test]
    public async Task ADraftOfAnotherTargetIsRefused()
    {
        using var folder = new TestFolder();
        var run = await CommandLine.RunAsync([.. Small, "-d", folder.WriteDraftOfAnotherTarget()]);

        Assert.That(run.ExitCode, Is.EqualTo(ExitCode.Failure));
        Assert.That(run.Error, Does.Contain("The draft does not fit the target: the draft was trimmed for a target with 49153 tokens"));
    }

    [Test]
    public void TheBuiltInQuestionsAreManyAndDifferent()
    {
        Assert.That(TrainingPrompts.All.Distinct().Count(), Is.EqualTo(TrainingPrompts.All.Count).And.GreaterThan(150));
        Assert.That(TrainingPrompts.All, Has.All.Not.Contains("{0}"));
    }
}
