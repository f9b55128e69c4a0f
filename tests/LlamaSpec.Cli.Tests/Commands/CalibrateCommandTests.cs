using System.Text.Json;
using LlamaSpec.Calibration;
using LlamaSpec.Cli.Tests.Fakes;
using LlamaSpec.Native;
using LlamaSpec.Native.Calibration;

namespace LlamaSpec.Cli.Tests.Commands;

[TestFixture]
public sealed class CalibrateCommandTests
{
    private static readonly string[] Quick = ["calibrate", "--quick", "-t", "1"];

    private StateFolder _state = null!;

    [SetUp]
    public void CreateState() => _state = new StateFolder();

    [TearDown]
    public void DeleteState() => _state.Dispose();

    [Test]
    public async Task ThePairIsMeasuredStoredAndShown()
    {
        var run = await CommandLine.RunAsync(Quick);

        Assert.That(run.ExitCode, Is.Zero, run.Error);
        Assert.That(_state.Files, Has.Length.EqualTo(1));
        Assert.That(run.Output, Does.Contain("depth 64").And.Contain("of V(1)").And.Match("(?m)^ +1 +[0-9.]+ +1\\.00"));
        Assert.That(run.Output, Does.Contain("draft      first pass").And.Contain("threads    1 for the target, 1 for the draft").And.Contain("cheap rows up to "));
        Assert.That(run.Output, Does.Contain($"\nmeasured by the quick form; stored in {_state.Files[0]}"));
        Assert.That(run.Error, Does.Contain("measuring: rows at depth 64\n"));
    }

    [Test]
    public async Task TheSecondTimeItIsReadUnlessForced()
    {
        await CommandLine.RunAsync(Quick);
        var written = File.GetLastWriteTimeUtc(_state.Files[0]);
        var again = await CommandLine.RunAsync(Quick);
        var forced = await CommandLine.RunAsync([.. Quick, "--force"]);

        Assert.That(again.Output, Does.Contain("measured before by the quick form").And.Contain("--force measures again"));
        Assert.That(again.Error, Is.Empty);
        Assert.That(forced.Output, Does.Contain("\nmeasured by the quick form"));
        Assert.That(File.GetLastWriteTimeUtc(_state.Files[0]), Is.GreaterThan(written));
    }

    [Test]
    public async Task JsonSaysTheSame()
    {
        var run = await CommandLine.RunAsync([.. Quick, "--json"]);
        using var document = JsonDocument.Parse(run.Output);
        var root = document.RootElement;
        var costs = root.GetProperty("costs");

        Assert.That(root.EnumerateObject().Select(static property => property.Name), Is.EqualTo(["costs", "cheapRows", "isNew", "storedIn"]));
        Assert.That(costs.GetProperty("verify")[0].GetProperty("points")[0].GetProperty("rows").GetInt32(), Is.EqualTo(1));
        Assert.That(costs.GetProperty("targetThreadCount").GetInt32(), Is.EqualTo(1));
        Assert.That(root.GetProperty("isNew").GetBoolean(), Is.True);
        Assert.That(root.GetProperty("storedIn").GetString(), Is.EqualTo(_state.Files[0]));
    }

    [Test]
    public async Task OtherCommandsUseWhatIsStored()
    {
        var asked = new ModelPairOptions { TargetThreadCount = 1, DraftPath = TestFolder.DraftPath };
        await CommandLine.RunAsync("generate", "x", "-n", "2", "-t", "1", "--calibration", "stored");
        Assert.That(_state.Files, Is.Empty);

        await CommandLine.RunAsync(Quick);
        var profile = new ProfileStore().TryRead(ProfileKey.TryCreate(asked)!);
        await CommandLine.RunAsync("generate", "x", "-n", "2", "-t", "1");

        Assert.That(profile, Is.Not.Null);
        Assert.That(_state.Files.Where(static file => Path.GetFileName(file).StartsWith("costs-", StringComparison.Ordinal)), Has.Exactly(1).Items, "generate asks for the same key");
    }

    [Test]
    public async Task ResetDeletesWhatIsStoredOfThePair()
    {
        var nothing = await CommandLine.RunAsync("calibrate", "--reset", "-t", "1");
        await CommandLine.RunAsync(Quick);
        var other = await CommandLine.RunAsync("calibrate", "--reset", "-t", "2");
        var reset = await CommandLine.RunAsync("calibrate", "--reset", "-t", "1");

        Assert.That(nothing.Output, Is.EqualTo("Nothing was stored of this pair.\n").And.EqualTo(other.Output));
        Assert.That(reset.Output, Is.EqualTo($"Deleted what was measured and learned of this pair in {_state.Path}.\n"));
        Assert.That((nothing.ExitCode, reset.ExitCode), Is.EqualTo((0, 0)));
        Assert.That(_state.Files, Is.Empty);
    }

    [Test]
    public async Task ResettingAPairWhoseFileIsMissingIsAnError()
    {
        var run = await CommandLine.RunAsync("calibrate", "--reset", "-m", "missing.gguf");

        Assert.That(run.ExitCode, Is.EqualTo(ExitCode.Failure));
        Assert.That(run.Error, Does.StartWith("error: ").And.Contain("missing.gguf").And.Contain("cannot be read"));
    }

    [Test]
    public async Task AFolderThatCannotBeWrittenIsAWarning()
    {
        File.WriteAllText(_state.Path, "in the way");
        var run = await CommandLine.RunAsync(Quick);

        Assert.That(run.ExitCode, Is.Zero);
        Assert.That(run.Error, Does.Contain("warning: the result could not be stored").And.Contain("LLAMASPEC_STATE"));
        Assert.That(run.Output, Does.Contain("; not stored\n"));
    }

    [Test]
    public async Task ADraftThatDoesNotFitIsAnError()
    {
        using var folder = new TestFolder();
        var run = await CommandLine.RunAsync([.. Quick, "-d", folder.WriteDraftOfAnotherTarget()]);

        Assert.That(run.ExitCode, Is.EqualTo(ExitCode.Failure));
        Assert.That(run.Error, Does.Contain("trimmed for a target with 49153 tokens"));
        Assert.That(_state.Files, Is.Empty);
    }

    [Test]
    public async Task CtrlCEndsItAndNothingIsStored()
    {
        TestTerminal? terminal = null;
        terminal = new TestTerminal { Error = new WatchedWriter("rows at depth", () => terminal!.Terminal.Interrupts.TryRaise()) { NewLine = "\n" } };
        var run = await CommandLine.RunAsync(terminal, Quick);

        Assert.That(run.ExitCode, Is.EqualTo(ExitCode.Cancelled));
        Assert.That(run.ErrorLines[^1], Is.EqualTo("cancelled"));
        Assert.That(_state.Files, Is.Empty);
    }

    [Test]
    public async Task APersonSeesABar()
    {
        var run = await CommandLine.RunAsync(new TestTerminal { IsErrorTerminal = true }, Quick);

        Assert.That(run.ExitCode, Is.Zero);
        Assert.That(run.Error, Does.Contain("%").And.Contain('\u001b'));
        Assert.That(run.Output, Does.Not.Contain('\u001b'));
    }
}
