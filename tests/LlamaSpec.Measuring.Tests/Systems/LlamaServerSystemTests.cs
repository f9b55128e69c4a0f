using LlamaSpec.Measuring.Prompts;
using LlamaSpec.Measuring.Systems;
using LlamaSpec.Sampling;

namespace LlamaSpec.Measuring.Tests.Systems;

public sealed class LlamaServerSystemTests
{
    private static readonly ChatPrompt Prompt = new("p1", "a", "text", 3);

    private readonly List<string> _log = [];
    private int _started;

    [SetUp]
    public void Forget() => (_started, _) = (0, _log.RemoveAll(static _ => true));

    [Test]
    public async Task AServerThatRemembersIsStartedAnewForEveryAnswer()
    {
        await using (var system = await StartAsync("ngram-mod"))
        {
            await AskTwiceAsync(system);
        }

        Assert.That(_log, Is.EqualTo((string[])["start 1", "ask 1", "end 1", "start 2", "ask 2", "end 2"]));
    }

    [TestCase("none")]
    [TestCase("ngram-simple")]
    public async Task AServerThatForgetsAnswersAll(string setting)
    {
        await using (var system = await StartAsync(setting))
        {
            await AskTwiceAsync(system);
        }

        Assert.That(_log, Is.EqualTo((string[])["start 1", "ask 1", "ask 1", "end 1"]));
    }

    [Test]
    public async Task AServerThatFailedRememberedToo()
    {
        await using var system = await StartAsync("ngram-cache", promptTokens: 4);
        Assert.That(() => AskAsync(system), Throws.TypeOf<MeasurementException>().With.Property("EndsRun").False);
        Assert.That(_log, Is.EqualTo((string[])["start 1", "ask 1", "end 1"]));
    }

    [Test]
    public async Task AServerThatDoesNotStartAgainEndsTheRun()
    {
        await using var system = await StartAsync("ngram-map-k", mostStarts: 1);
        await AskAsync(system);
        Assert.That(() => AskAsync(system), Throws.TypeOf<MeasurementException>().With.Message.EqualTo("no memory").And.Property("EndsRun").True);
    }

    [TestCase("draft", true)]
    [TestCase("ngram-simple", false)]
    public async Task OnlyADraftModelMustDraft(string setting, bool isError)
    {
        await using var system = await StartAsync(setting);
        Assert.That(() => AskAsync(system), isError ? Throws.TypeOf<MeasurementException>().With.Message.Contains("drafted nothing") : Throws.Nothing);
    }

    private async Task<LlamaServerSystem> StartAsync(string setting, int promptTokens = 3, int mostStarts = 9)
    {
        var system = new LlamaServerSystem(LlamaServerSetting.Parse(setting, [2]).Single(), _ => Start(promptTokens, mostStarts), maximumTokens: 8);
        await system.StartAsync(CancellationToken.None);
        return system;
    }

    private Task<RunningServer> Start(int promptTokens, int mostStarts)
    {
        var number = ++_started;
        if (number > mostStarts)
        {
            throw new MeasurementException("no memory");
        }

        _log.Add($"start {number}");
        return Task.FromResult(new RunningServer(
            (_, _) =>
            {
                _log.Add($"ask {number}");
                return Task.FromResult(new LlamaServerReply
                {
                    Tokens = [1, 2], StopType = "limit", Timings = new LlamaServerTimings { PromptN = promptTokens, PredictedN = 2, PredictedMs = 5 },
                });
            },
            new End(() => _log.Add($"end {number}"))));
    }

    private static Task<MeasuredAnswer> AskAsync(LlamaServerSystem system) => system.AnswerAsync(Prompt, SamplingOptions.Greedy, CancellationToken.None);

    private static async Task AskTwiceAsync(LlamaServerSystem system)
    {
        await AskAsync(system);
        await AskAsync(system);
    }

    private sealed class End(Action end) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            end();
            return ValueTask.CompletedTask;
        }
    }
}
