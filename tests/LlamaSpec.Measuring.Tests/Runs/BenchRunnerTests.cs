using LlamaSpec.Measuring.Runs;
using LlamaSpec.Measuring.Systems;
using LlamaSpec.Models;

namespace LlamaSpec.Measuring.Tests.Runs;

public sealed class BenchRunnerTests
{
    private readonly RunProgress _progress = new(TextWriter.Null, isTerminal: false);
    private List<string> _log = null!;

    [SetUp]
    public void CreateLog() => _log = [];

    [Test]
    public async Task AllSystemsAnswerAQuestionWithTheSameSeedInRotatingOrder()
    {
        IMeasuredSystem[] systems = [.. "ABC".Select(name => Create($"{name}"))];
        var measurements = await RunAsync(systems, ["p1", "p2"], [0, 0.5f], repeats: 2);

        Assert.That(_log.Take(3), Is.EqualTo((string[])["A p1 0 ", "B p1 0 ", "C p1 0 "]), "warm-up");
        Assert.That(_log.Skip(3), Is.EqualTo((string[])
        [
            "A p1 0 1", "B p1 0 1", "C p1 0 1", "B p2 0 2", "C p2 0 2", "A p2 0 2",
            "B p1 0.5 1", "C p1 0.5 1", "A p1 0.5 1", "C p2 0.5 2", "A p2 0.5 2", "B p2 0.5 2",
            "B p1 0 3", "C p1 0 3", "A p1 0 3", "C p2 0 4", "A p2 0 4", "B p2 0 4",
            "C p1 0.5 3", "A p1 0.5 3", "B p1 0.5 3", "A p2 0.5 4", "B p2 0.5 4", "C p2 0.5 4",
        ]));
        Assert.That(measurements.Samples, Has.Count.EqualTo(8));
        Assert.That(measurements.Samples.Select(static sample => sample.Answers.Select(static answer => answer!.TokensPerSecond)), Has.All.EqualTo((double[])['A', 'B', 'C']));
        Assert.That((measurements.Skipped.Count, measurements.Interruption), Is.EqualTo((0, (string?)null)));
    }

    [Test]
    public async Task ASystemIsNotAskedAtATemperatureAtWhichItIsNotMeasured()
    {
        IMeasuredSystem[] systems = [Create("A"), new Fakes.System(new SystemLabel("B"), _log, static (_, _) => Fakes.Answer(2), isGreedyOnly: true)];
        var measurements = await RunAsync(systems, ["p1"], [0, 0.5f], repeats: 1);
        Assert.That(_log.Skip(2), Is.EqualTo((string[])["A p1 0 1", "B p1 0 1", "A p1 0.5 1"]));
        Assert.That(measurements.Samples.Select(static sample => sample.Answers[1]?.TokensPerSecond), Is.EqualTo((double?[])[2, null]));
        Assert.That(measurements.Skipped, Is.Empty);
    }

    [Test]
    public async Task AQuestionThatOneSystemFailsCountsForNone()
    {
        IMeasuredSystem[] systems =
        [
            Create("A"),
            Create("B", id => id switch
            {
                "short" => Fakes.Answer(100, tokenCount: 7),
                "untimed" => Fakes.Answer(0),
                "lost" => throw new MeasurementException("no drafts"),
                "broken" => throw new ModelFailureException("NaN"),
                _ => Fakes.Answer(100, tokenCount: 8),
            }),
        ];
        var measurements = await RunAsync(systems, ["good", "short", "untimed", "lost", "broken"], [0], repeats: 1);

        Assert.That(measurements.Samples.Select(static sample => sample.PromptId), Is.EqualTo((string[])["good"]));
        Assert.That(measurements.Skipped.Select(static one => (one.PromptId, one.Temperature, one.Repeat, one.Reason)), Is.EqualTo((IEnumerable<(string, float?, int?, string)>)
        [
            ("short", 0f, 1, "B: an answer of 7 tokens, fewer than 8"), ("untimed", 0f, 1, "B: an answer that could not be timed"),
            ("lost", 0f, 1, "B: no drafts"), ("broken", 0f, 1, "B: NaN"),
        ]));
    }

    [Test]
    public async Task ARunThatLosesASystemKeepsWhatItHas()
    {
        IMeasuredSystem[] systems = [Create("A", static id => id == "p3" ? throw new MeasurementException("the server is gone", endsRun: true) : Fakes.Answer(1))];
        var measurements = await RunAsync(systems, ["p1", "p2", "p3", "p4"], [0], repeats: 1);
        Assert.That((measurements.Samples.Count, measurements.Interruption), Is.EqualTo((2, "the server is gone")));
        Assert.That(_log, Has.None.StartsWith("A p4"));
    }

    [Test]
    public async Task ACancelledRunKeepsWhatItHas()
    {
        using var stop = new CancellationTokenSource();
        var count = 0;
        IMeasuredSystem[] systems = [Create("A", _ =>
        {
            if (++count == 3)
            {
                stop.Cancel();
            }

            return Fakes.Answer(1);
        })];
        var measurements = await RunAsync(systems, ["p1", "p2", "p3", "p4"], [0], repeats: 1, stop.Token);
        Assert.That((measurements.Samples.Count, measurements.Interruption), Is.EqualTo((1, "cancelled")));
    }

    [Test]
    public void ASystemThatCannotAnswerAtAllIsAnError() => Assert.That(
        () => RunAsync([Create("A", static _ => throw new MeasurementException("no"))], ["p1"], [0], repeats: 1),
        Throws.TypeOf<MeasurementException>().With.Message.EqualTo("no"));

    private Fakes.System Create(string name, Func<string, MeasuredAnswer>? answer = null) =>
        new(new SystemLabel(name), _log, (prompt, _) => answer is null ? Fakes.Answer(name[0]) : answer(prompt.Id));

    private Task<Measurements> RunAsync(
        IMeasuredSystem[] systems, string[] ids, float[] temperatures, int repeats, CancellationToken cancellationToken = default) =>
        new BenchRunner(systems, Fakes.Prompts(ids), temperatures, repeats, _progress).RunAsync(cancellationToken);
}
