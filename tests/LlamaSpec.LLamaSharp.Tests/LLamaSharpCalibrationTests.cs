using LlamaSpec.Calibration;
using LlamaSpec.Engine;
using LlamaSpec.Sampling;

namespace LlamaSpec.LLamaSharp.Tests;

[NonParallelizable] // the environment is process-wide
public sealed class LLamaSharpCalibrationTests
{
    private static readonly LLamaSharpPairOptions Options = new()
    {
        Engine = new SpeculativeEngineOptions { ConcurrentRequests = 1, ContextLength = 128, MaximumDraftLength = 4 },
        TargetContext = EmbeddedWeights.Parameters(string.Empty),

        // What matters here is what is kept, however busy the machine.
        CalibrationPlan = CalibrationPlan.Quick with { Budget = TimeSpan.FromMinutes(5), MostRepeats = 3 },
    };

    private StateScope _state = null!;

    [SetUp]
    public void CreateState() => _state = new StateScope();

    [TearDown]
    public void DeleteState() => _state.Dispose();

    [Test]
    public async Task TheFirstStartMeasuresAndTheSecondReads()
    {
        await StartAsync(Options);
        var profile = _state.Files.Single(static file => Path.GetFileName(file).StartsWith("costs-", StringComparison.Ordinal));
        var written = File.GetLastWriteTimeUtc(profile);
        await StartAsync(Options with { CalibrationPlan = Options.CalibrationPlan with { Budget = TimeSpan.Zero } });

        Assert.That(_state.Files, Has.Some.EqualTo(profile));
        Assert.That(File.GetLastWriteTimeUtc(profile), Is.EqualTo(written));
    }

    [Test]
    public async Task WhatTheEngineLearnedIsKept()
    {
        await StartAsync(Options, answers: true);
        Assert.That(_state.Files, Has.Some.Contains("learned-"));
    }

    [Test]
    public async Task OtherThreadsAreAnotherKey()
    {
        await StartAsync(Options);
        await StartAsync(Options with { TargetContext = EmbeddedWeights.Parameters(string.Empty) with { Threads = 2 } });
        Assert.That(_state.Files.Where(static file => file.Contains("costs-", StringComparison.Ordinal)), Has.Exactly(2).Items);
    }

    [TestCase(CalibrationMode.Off)]
    [TestCase(CalibrationMode.Stored)]
    public async Task WithoutAutoNothingIsMeasured(CalibrationMode mode)
    {
        await StartAsync(Options with { Calibration = mode });
        Assert.That(_state.Files, Is.Empty);
    }

    private static async Task StartAsync(LLamaSharpPairOptions options, bool answers = false)
    {
        await using var engine = LLamaSharpPair.Create(EmbeddedWeights.Target, EmbeddedWeights.Target, options);
        if (answers)
        {
            await engine.CompleteAsync(GenerationRequest.Ask("What is a volcano?") with { MaximumTokens = 40, IgnoreEndOfText = true, Sampling = SamplingOptions.Greedy });
        }
    }
}
