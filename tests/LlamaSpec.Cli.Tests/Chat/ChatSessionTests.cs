using LlamaSpec.Cli.Chat;
using LlamaSpec.Cli.Tests.Fakes;
using LlamaSpec.Engine;
using LlamaSpec.Native;
using LlamaSpec.Policies;
using LlamaSpec.Sampling;

namespace LlamaSpec.Cli.Tests.Chat;

/// <summary>A conversation whose oldest turn must go before the next answer.</summary>
[TestFixture]
public sealed class ChatSessionTests
{
    private const int ContextLength = 160;
    private static readonly ChatTurn Long = new("First.", string.Join(' ', Enumerable.Repeat("word", 120)));
    private static readonly ChatTurn Short = new("Hello!", "Hi.");

    private readonly TestTerminal _terminal = new() { IsInputTerminal = true };
    private SpeculativeEngine _engine = null!;
    private ChatSession _session = null!;

    [OneTimeSetUp]
    public async Task LoadAsync() => _engine = await ModelPair.LoadAsync(new ModelPairOptions
    {
        UseDraft = false,
        TargetThreadCount = 1,
        Engine = new SpeculativeEngineOptions { ConcurrentRequests = 1, ContextLength = ContextLength },
    });

    [OneTimeTearDown]
    public async Task FreeAsync() => await _engine.DisposeAsync();

    [SetUp]
    public void Start()
    {
        var settings = new ChatSettings { Sampling = SamplingOptions.Greedy, Policy = PolicyChoice.Off, MaximumTokens = 4, StopTexts = [] };
        _session = new ChatSession(_engine, _terminal.Terminal, settings, null);
        _session.History.Add(Long);
        _session.History.Add(Short);
    }

    [Test]
    public async Task AnAnswerForgetsTheTurnsThatHadNoRoom()
    {
        Assert.That(await _session.AnswerAsync("Name a colour.", CancellationToken.None), Is.True);
        Assert.That(_session.History.Turns, Has.Count.EqualTo(2));
        Assert.That(_session.History.Turns[0], Is.EqualTo(Short));
        Assert.That(_session.History.Turns[1].Question, Is.EqualTo("Name a colour."));
    }

    [Test]
    public void ACancelledQuestionForgetsNothing()
    {
        Assert.That(() => _session.AnswerAsync("Name a colour.", new CancellationToken(canceled: true)), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(_session.History.Turns, Is.EqualTo([Long, Short]));
    }

    [Test]
    public async Task CtrlCBeforeTheFirstTokenForgetsNothing()
    {
        Assert.That(await InterruptAsync(() => _session.AnswerAsync("Name a colour.", CancellationToken.None)), Is.False);
        Assert.That(_session.History.Turns, Is.EqualTo([Long, Short]));
    }

    [Test]
    public async Task CtrlCBeforeTheFirstTokenOfANewAnswerKeepsTheOldOne()
    {
        Assert.That(await InterruptAsync(() => _session.AnswerAgainAsync(CancellationToken.None)), Is.False);
        Assert.That(_session.History.Turns, Is.EqualTo([Long, Short]));
    }

    [Test]
    public async Task ANewAnswerReplacesTheOldOne()
    {
        Assert.That(await _session.AnswerAgainAsync(CancellationToken.None), Is.True);
        Assert.That(_session.History.Turns, Has.Count.EqualTo(1));
        Assert.That(_session.History.Turns[0].Question, Is.EqualTo(Short.Question));
        Assert.That(_session.History.Turns[0].Answer, Is.Not.EqualTo(Short.Answer));
    }

    // The engine reads the stop texts when the request starts: after the prompt's Ctrl-C is forgotten, before the first token.
    private async Task<bool> InterruptAsync(Func<Task<bool>> answer)
    {
        _session.Settings = _session.Settings with { StopTexts = new WatchedList(() => _terminal.Terminal.Interrupts.TryRaise()) };
        return await answer();
    }
}
