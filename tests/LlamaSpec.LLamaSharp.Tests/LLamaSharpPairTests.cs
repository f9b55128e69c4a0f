using LLama;
using LLama.Common;
using LLama.Native;
using LlamaSpec.Calibration;
using LlamaSpec.Drafting;
using LlamaSpec.Engine;
using LlamaSpec.Models;
using LlamaSpec.Policies;
using LlamaSpec.Sampling;

namespace LlamaSpec.LLamaSharp.Tests;

public sealed class LLamaSharpPairTests
{
    private static readonly SpeculativeEngineOptions Small = new() { ConcurrentRequests = 1, ContextLength = 128 };
    private static readonly LLamaSharpPairOptions OneThread = new() { Engine = Small, TargetContext = EmbeddedWeights.Parameters(string.Empty), Calibration = CalibrationMode.Off };

    private static readonly LLamaSharpPairOptions ModelAlone = OneThread with { Engine = Small with { Drafter = DrafterChoice.Model } };

    [Test]
    public async Task WeightsThatWereHandedOverStayTheCallers()
    {
        using var weights = LLamaWeights.LoadFromFile(EmbeddedWeights.Parameters(EmbeddedWeights.TargetPath));
        for (var turn = 0; turn < 2; turn++)
        {
            await using var engine = LLamaSharpPair.Create(weights, weights, OneThread with { RequireDraft = true });
            Assert.That((await DraftAsync(engine)).AcceptedTokens, Is.Positive);
        }

        Assert.That(weights.NativeHandle.IsClosed, Is.False);
        Assert.That(new LLamaSharpTokenizer(weights).Encode("still here", addSpecial: false, parseSpecial: false), Is.Not.Empty);
    }

    [Test]
    public async Task WeightsThatTheEngineLoadedAreFreedWithIt()
    {
        var engine = await LLamaSharpPair.LoadAsync(EmbeddedWeights.Parameters(EmbeddedWeights.TargetPath), options: OneThread);
        var tokenizer = engine.Tokenizer;
        await engine.DisposeAsync();
        Assert.That(() => tokenizer.Encode("gone", addSpecial: false, parseSpecial: false), Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public async Task ATrimmedDraftWithoutItsMapIsLeftOutWithAReason()
    {
        await using var engine = LLamaSharpPair.Create(EmbeddedWeights.Target, EmbeddedWeights.Draft, ModelAlone);
        Assert.That(engine.DisabledReason, Does.Contain("trimmed vocabulary").And.Contain(nameof(LLamaSharpPairOptions.DraftTokenMap)));
        Assert.That((await DraftAsync(engine)).DraftedTokens, Is.Zero);
        Assert.That(
            () => LLamaSharpPair.Create(EmbeddedWeights.Target, EmbeddedWeights.Draft, OneThread with { RequireDraft = true }),
            Throws.TypeOf<ModelFailureException>().With.Message.Contains("trimmed vocabulary"));
    }

    [Test]
    public async Task ATrimmedDraftWithItsMapDrafts()
    {
        var options = OneThread with { RequireDraft = true, DraftTokenMap = TokenMapReader.TryRead(EmbeddedWeights.DraftPath) };
        await using var engine = LLamaSharpPair.Create(EmbeddedWeights.Target, EmbeddedWeights.Draft, options);
        Assert.That((await DraftAsync(engine)).AcceptedTokens, Is.Positive);
    }

    [Test]
    public async Task AMapOfAnotherDraftIsAReason()
    {
        var map = new TokenMap([0, 1, 2], unknownRow: 0, EmbeddedWeights.Target.Vocab.Count);
        await using var engine = LLamaSharpPair.Create(EmbeddedWeights.Target, EmbeddedWeights.Draft, ModelAlone with { DraftTokenMap = map });
        Assert.That(engine.DisabledReason, Does.Contain("the token map has 3 entries"));
    }

    [Test]
    public async Task ADraftWhoseContextCannotBeCreatedCostsSpeedAlone()
    {
        var impossible = EmbeddedWeights.Parameters(string.Empty) with { TypeV = GGMLType.GGML_TYPE_Q8_0, FlashAttention = false };
        await using var engine = LLamaSharpPair.Create(EmbeddedWeights.Target, EmbeddedWeights.Target, ModelAlone with { DraftContext = impossible });
        Assert.That(engine.DisabledReason, Does.Contain("could not create a context"));
        Assert.That((await DraftAsync(engine)).GeneratedTokens, Is.Positive);
    }

    [Test]
    public async Task AnEngineAnswersAfterItsWeightsWereDisposed()
    {
        var weights = LLamaWeights.LoadFromFile(EmbeddedWeights.Parameters(EmbeddedWeights.TargetPath));
        await using var engine = LLamaSharpPair.Create(weights, weights, OneThread with { RequireDraft = true });
        weights.Dispose();
        Assert.That((await DraftAsync(engine)).AcceptedTokens, Is.Positive);
    }

    [Test]
    public async Task WithoutADrafterTheDraftIsNotTouched()
    {
        using var draft = EmbeddedWeights.Target.CreateContext(EmbeddedWeights.Parameters(string.Empty) with { ContextSize = 256 });
        using var target = EmbeddedWeights.Target.CreateContext(EmbeddedWeights.Parameters(string.Empty) with { ContextSize = 256 });
        await using var engine = LLamaSharpPair.Create(target, draft, new LLamaSharpPairOptions { Engine = Small with { Drafter = DrafterChoice.None } });
        Assert.That((await DraftAsync(engine)).DraftedTokens, Is.Zero);
        using var stillFree = new LLamaSharpRunner(draft);
        Assert.That(stillFree.SequenceLength(new SequenceId(0)), Is.Zero);
    }

    [Test]
    public void ADraftThatIsRequiredMustBeGiven()
    {
        var required = OneThread with { RequireDraft = true };
        Assert.That(() => LLamaSharpPair.Create(EmbeddedWeights.Target, draft: null, required), Throws.ArgumentException.With.Message.Contains("RequireDraft"));
        Assert.That(() => LLamaSharpPair.LoadAsync(new ModelParams("missing.gguf"), options: required), Throws.ArgumentException.With.Message.Contains("RequireDraft"));
    }

    [Test]
    public async Task ADraftContextTooSmallForTheEngineIsAReason()
    {
        using var target = EmbeddedWeights.Target.CreateContext(EmbeddedWeights.Parameters(string.Empty) with { ContextSize = 512 });
        using var draft = EmbeddedWeights.Target.CreateContext(EmbeddedWeights.Parameters(string.Empty) with { ContextSize = 256 });
        var options = new LLamaSharpPairOptions { Engine = Small with { ContextLength = 400, Drafter = DrafterChoice.Model }, Calibration = CalibrationMode.Off };
        await using var engine = LLamaSharpPair.Create(target, draft, options);
        Assert.That(engine.DisabledReason, Does.Contain("has 256 cells"));
    }

    [Test]
    public void TargetAndDraftNeedAContextEach()
    {
        using var context = EmbeddedWeights.Target.CreateContext(EmbeddedWeights.Parameters(string.Empty) with { ContextSize = 256 });
        Assert.That(() => LLamaSharpPair.Create(context, context), Throws.ArgumentException.With.Message.Contains("a context each"));
    }

    [Test]
    public void WhatTheProgressThrowsIsThrownFromTheLoad() =>
        Assert.That(() => LoadEmbeddedAsync(new Thrower()), Throws.TypeOf<TimeZoneNotFoundException>());

    [Test]
    public async Task ThePredictorBesideTheDraftIsFound()
    {
        await using var engine = await LoadEmbeddedAsync();
        var stats = await DraftAsync(engine, "ldlp");
        Assert.That((stats.DisabledReason, stats.AcceptedTokens > 0), Is.EqualTo(((string?)null, true)));
    }

    [Test]
    public async Task WithoutADraftTheDraftersThatNeedNoModelGoOn()
    {
        await using var engine = LLamaSharpPair.Create(EmbeddedWeights.Target, draft: null, OneThread with { Engine = Small with { ContextLength = 512 } });
        var result = await engine.CompleteAsync(new GenerationRequest
        {
            Prompt = string.Concat(Enumerable.Repeat("One, two, three, four, five, six, seven. ", 8)), MaximumTokens = 40, IgnoreEndOfText = true,
            Sampling = SamplingOptions.Greedy, Policy = PolicyChoice.Fixed(4),
        });
        Assert.That(result.Stats.AcceptedTokens, Is.Positive);
    }

    [Test]
    public async Task ContextsThatWereHandedOverServeOneRequestByDefault()
    {
        using var target = EmbeddedWeights.Target.CreateContext(EmbeddedWeights.Parameters(string.Empty) with { ContextSize = 512, SeqMax = 4 });
        using var draft = EmbeddedWeights.Target.CreateContext(EmbeddedWeights.Parameters(string.Empty) with { ContextSize = 256 });
        for (var turn = 0; turn < 2; turn++)
        {
            await using var engine = LLamaSharpPair.Create(target, draft, new LLamaSharpPairOptions { RequireDraft = true, Calibration = CalibrationMode.Off });
            Assert.That((await DraftAsync(engine)).AcceptedTokens, Is.Positive);
        }

        Assert.That(target.NativeHandle.IsClosed || draft.NativeHandle.IsClosed, Is.False);
    }

    [Test]
    public void AContextTooSmallForTheEngineIsSaid()
    {
        using var context = EmbeddedWeights.Target.CreateContext(EmbeddedWeights.Parameters(string.Empty) with { ContextSize = 256 });
        Assert.That(
            () => LLamaSharpPair.Create(context, draft: null, new LLamaSharpPairOptions { Engine = new SpeculativeEngineOptions { ConcurrentRequests = 2, ContextLength = 64 } }),
            Throws.InstanceOf<ArgumentException>().With.Message.Contains(nameof(SpeculativeEngineOptions.ConcurrentRequests)));
    }

    [Test]
    public void AMissingTargetIsSaid() =>
        Assert.That(() => LLamaSharpPair.LoadAsync(new ModelParams("missing.gguf")), Throws.TypeOf<FileNotFoundException>().With.Message.Contains("missing.gguf"));

    [Test]
    public async Task AMissingDraftCostsSpeedAlone()
    {
        await using var engine = await LLamaSharpPair.LoadAsync(
            EmbeddedWeights.Parameters(EmbeddedWeights.TargetPath), new ModelParams("missing.gguf"), ModelAlone);
        Assert.That(engine.DisabledReason, Does.Contain("missing.gguf"));
        Assert.That(
            () => LLamaSharpPair.LoadAsync(EmbeddedWeights.Parameters(EmbeddedWeights.TargetPath), new ModelParams("missing.gguf"), OneThread with { RequireDraft = true }),
            Throws.TypeOf<FileNotFoundException>());
    }

    [Test]
    public void AFileThatIsNoModelIsAClearFailure()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["model.gguf"], "GGUF, or so it says");
        Assert.That(() => LLamaSharpPair.LoadAsync(new ModelParams(folder["model.gguf"])), Throws.TypeOf<ModelFailureException>().With.Message.Contains("LLamaSharp cannot load"));
    }

    [Test]
    public void OptionsAreCheckedBeforeAModelIsLoaded()
    {
        Refused(new LLamaSharpPairOptions { Engine = new SpeculativeEngineOptions { ConcurrentRequests = 0 } }, nameof(SpeculativeEngineOptions.ConcurrentRequests));
        Refused(new LLamaSharpPairOptions { DraftPaths = 0 }, nameof(LLamaSharpPairOptions.DraftPaths));
        Refused(new LLamaSharpPairOptions { Calibration = (CalibrationMode)7 }, nameof(LLamaSharpPairOptions.Calibration));

        static void Refused(LLamaSharpPairOptions options, string name) =>
            Assert.That(() => LLamaSharpPair.LoadAsync(new ModelParams("missing.gguf"), options: options), Throws.InstanceOf<ArgumentException>().With.Message.Contains(name));
    }

    [Test]
    public async Task ProgressEndsAtOne()
    {
        var reports = new List<float>();
        await using var engine = await LoadEmbeddedAsync(new Recorder(reports));
        Assert.That(reports, Is.Ordered.And.Not.Empty);
        Assert.That(reports[^1], Is.EqualTo(1f));
    }

    [Test]
    public void ACancelledLoadIsCancelled()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.That(
            () => LLamaSharpPair.LoadAsync(EmbeddedWeights.Parameters(EmbeddedWeights.TargetPath), cancellationToken: cancelled.Token), Throws.InstanceOf<OperationCanceledException>());
    }

    private static Task<SpeculativeEngine> LoadEmbeddedAsync(IProgress<float>? progress = null) => LLamaSharpPair.LoadAsync(
        EmbeddedWeights.Parameters(EmbeddedWeights.TargetPath), EmbeddedWeights.Parameters(EmbeddedWeights.DraftPath), OneThread with { RequireDraft = true }, progress);

    private static async Task<Diagnostics.SpeculativeStats> DraftAsync(SpeculativeEngine engine, string policy = "fixed:3") =>
        (await engine.CompleteAsync(GenerationRequest.Ask("What is a volcano?") with
        {
            MaximumTokens = 30, Sampling = SamplingOptions.Greedy, Policy = PolicyChoice.Parse(policy),
        })).Stats;

    private sealed class Thrower : IProgress<float>
    {
        public void Report(float value) => throw new TimeZoneNotFoundException();
    }

    private sealed class Recorder(List<float> reports) : IProgress<float>
    {
        public void Report(float value) => reports.Add(value);
    }
}
