using LlamaSpec.Cli.Tests.Fakes;
using LlamaSpec.Engine;

namespace LlamaSpec.Cli.Tests.Commands;

/// <summary>Whatever is wrong: one clear line, the right exit code, nothing on stdout.</summary>
[TestFixture]
public sealed class BadInputTests
{
    [TestCase("--temp must be a number from 0 to 100, but is \"-1\"", "generate", "x", "--temp", "-1")]
    [TestCase("--temp must be a number from 0 to 100, but is \"NaN\"", "generate", "x", "--temp", "NaN")]
    [TestCase("--top-p must be a number from 0.0001 to 1", "generate", "x", "--top-p", "2")]
    [TestCase("--top-k must be a whole number from 0", "generate", "x", "--top-k", "-3")]
    [TestCase("--min-p must be a number from 0 to 1", "generate", "x", "--min-p", "1.5")]
    [TestCase("--repeat-last-n must be a whole number from 0 to 4096", "generate", "x", "--repeat-last-n", "1.5")]
    [TestCase("--predict must be at least 1", "generate", "x", "-n", "0")]
    [TestCase("--predict must be a whole number", "generate", "x", "-n", "many")]
    [TestCase("--seed must be a whole number from -1 to 18446744073709551615", "generate", "x", "-s", "-2")]
    [TestCase("--logit-bias must be ID=BIAS", "generate", "x", "--logit-bias", "42")]
    [TestCase("--stop must have 1 to 256 bytes", "generate", "x", "--stop", "")]
    [TestCase("is not a policy. Use one of: auto", "generate", "x", "--policy", "fast")]
    [TestCase("N and DEPTH are from 1 to 64", "chat", "--policy", "fixed:99")]
    [TestCase("--draft-max must be a whole number from 0 to 64", "generate", "x", "--draft-max", "65")]
    [TestCase("--ctx-size must be a whole number from 2", "chat", "-c", "1")]
    [TestCase("--threads must be a whole number from 1 to 512", "check", "-t", "0")]
    [TestCase("--gpu-layers must be a whole number from 0 to 9999, or all, but is \"-2\"", "generate", "x", "--gpu-layers", "-2")]
    [TestCase("--draft-gpu-layers must be a whole number from 0 to 9999, or all", "check", "-ngld", "some")]
    [TestCase("'sometimes'", "generate", "x", "-fa", "sometimes")]
    [TestCase("--policy fixed:16 needs --draft-max 16 or more, but it is 8", "chat", "--policy", "fixed:16", "--draft-max", "8")]
    [TestCase("--policies fixed:12 needs --draft-max 12 or more, but it is 4", "demo", "--policies", "fixed:2,fixed:12", "--draft-max", "4")]
    [TestCase("--draft and --no-draft contradict", "generate", "x", "-d", "d.gguf", "--no-draft")]
    [TestCase("--system needs the chat template", "generate", "x", "--raw", "--system", "y")]
    [TestCase("Give the prompt once", "generate", "x", "-p", "y")]
    [TestCase("The prompt is empty", "generate", "")]
    [TestCase("The prompt is empty", "generate")]
    [TestCase("The prompt is empty", "generate", "-p", " \n")]
    [TestCase("'--bogus'", "generate", "x", "--bogus")]
    [TestCase("'gnerate'", "gnerate", "x")]
    [TestCase("name the draft with --draft", "demo", "-m", "model.gguf")]
    [TestCase("--temperatures must be numbers from 0 to 100", "demo", "--temperatures", "0,hot")]
    [TestCase("\"slow\" is not a policy", "demo", "--policies", "adaedl,slow")]
    [TestCase("--report writes .html or .svg", "check", "--report", "advice.pdf")]
    [TestCase("--report saves the advice, which needs a draft", "check", "--report", "advice.html", "--no-advice")]
    [TestCase("'never'", "generate", "x", "--calibration", "never")]
    [TestCase("--reset writes no JSON document", "calibrate", "--reset", "--json")]
    [TestCase("--limit must be a whole number from 1", "demo", "--limit", "0")]
    [TestCase("--limit must be a whole number from 2", "train-ldlp", "--limit", "1")]
    [TestCase("--predict must be a whole number from 16 to 4096", "train-ldlp", "-n", "8")]
    [TestCase("--temperature must be a number from 0 to 100", "train-ldlp", "--temperature", "cold")]
    [TestCase("--epochs must be a whole number from 1", "train-ldlp", "--epochs", "0")]
    [TestCase("--width must be a whole number from 0 to 1024", "train-ldlp", "--width", "2000")]
    [TestCase("name the draft with --draft", "train-ldlp", "-m", "model.gguf")]
    [TestCase("--widened and --no-widened contradict", "demo", "--widened", "--no-widened")]
    public async Task ABadCommandLineIsExitCodeTwo(string message, params string[] arguments)
    {
        var run = await CommandLine.RunAsync(arguments);

        Assert.That(run.ExitCode, Is.EqualTo(2));
        Assert.That(run.ErrorLines[0], Does.StartWith("error: ").And.Contain(message));
        Assert.That(run.Output, Is.Empty);
    }

    [TestCase("generate", "x")]
    [TestCase("chat")]
    [TestCase("check")]
    [TestCase("calibrate")]
    [TestCase("demo", "-d", "draft.gguf")]
    [TestCase("train-ldlp", "-d", "draft.gguf")]
    public async Task AModelThatCannotBeLoadedIsOneClearLine(params string[] command)
    {
        using var folder = new TestFolder();
        var random = new byte[4096];
        new Random(1).NextBytes(random);
        (string Path, string Message)[] models =
        [
            (folder.File("missing.gguf"), "does not exist"),
            (folder.Write("zero.gguf", string.Empty), "is empty"),
            (folder.Write("random.gguf", random), "not a GGUF file"),
            (folder.WriteTruncatedModel(), "truncated.gguf"),
            (folder.Path, "is a directory"),
        ];
        foreach (var (path, message) in models)
        {
            var run = await CommandLine.RunAsync([.. command, "-m", path]);

            Assert.That(run.ExitCode, Is.EqualTo(1), path);
            Assert.That(run.ErrorLines, Has.Length.EqualTo(1), run.Error);
            Assert.That(run.Error, Does.StartWith("error: ").And.Contain(message));
            Assert.That(run.Output, Is.Empty);
        }
    }

    [Test]
    public async Task APromptThatIsTooLongSaysByHowMuchAndWhatToDo()
    {
        var run = await CommandLine.RunAsync("generate", "--raw", string.Join(' ', Enumerable.Repeat("word", 100)), "-c", "64", "-t", "1");

        Assert.That(run.ExitCode, Is.EqualTo(ExitCode.Failure));
        Assert.That(run.Error, Does.StartWith("error: The prompt has 100 tokens, but the context holds 64").And.Contain("--ctx-size"));
        Assert.That(run.ErrorLines, Has.Length.EqualTo(1));
    }

    [Test]
    public async Task ATokenThatTheModelLacksIsNamed()
    {
        var generate = await CommandLine.RunAsync("generate", "x", "--logit-bias", "999999=1", "-t", "1");
        var chat = await CommandLine.RunWithInputAsync("Hello\n", "chat", "--logit-bias", "999999=1", "-t", "1");

        Assert.That(generate.Error, Is.EqualTo("error: LogitBias token must be from 0 to 49151, but is 999999.\n"));
        Assert.That(generate.ExitCode, Is.EqualTo(ExitCode.Usage));
        Assert.That(chat, Is.EqualTo(generate));
    }

    [Test]
    public async Task MoreStopTextsThanTheEngineTakesAreRefusedBeforeLoading()
    {
        var stops = Enumerable.Repeat<string[]>(["--stop", "x"], GenerationRequest.MostStopTexts + 1).SelectMany(static pair => pair);
        var run = await CommandLine.RunAsync(["generate", "x", "-m", "missing.gguf", .. stops]);

        Assert.That(run.ExitCode, Is.EqualTo(ExitCode.Usage));
        Assert.That(run.ErrorLines[0], Is.EqualTo($"error: --stop may be given at most {GenerationRequest.MostStopTexts} times."));
    }

    [Test]
    public async Task FilesThatCannotBeReadAreNamed()
    {
        var prompt = await CommandLine.RunAsync("generate", "-f", "no-such-file.txt");
        var prompts = await CommandLine.RunAsync("demo", "--prompts", "no-such-file.txt");

        Assert.That(prompt.Error, Does.StartWith("error: Cannot read the prompt from no-such-file.txt"));
        Assert.That(prompts.Error, Does.StartWith("error: Cannot read prompts from no-such-file.txt"));
        Assert.That((prompt.ExitCode, prompts.ExitCode), Is.EqualTo((ExitCode.Failure, ExitCode.Failure)));
    }
}
