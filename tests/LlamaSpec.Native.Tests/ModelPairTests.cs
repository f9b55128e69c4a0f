using LlamaSpec.Engine;
using LlamaSpec.Models;
using LlamaSpec.Policies;

namespace LlamaSpec.Native.Tests;

public sealed class ModelPairTests
{
    private static readonly SpeculativeEngineOptions SmallEngine = new() { ConcurrentRequests = 1, ContextLength = 64, MaximumDraftLength = 4 };

    [Test]
    public async Task ARecurrentDraftIsLeftOutWithItsReason()
    {
        using var folder = new TemporaryFolder();
        await using var engine = await ModelPair.LoadAsync(WithRecurrentDraft(folder));
        Assert.That(engine.DisabledReason, Does.StartWith("the draft cannot be used: the draft is a recurrent model"));
    }

    [Test]
    public void ARequiredRecurrentDraftIsAnError()
    {
        using var folder = new TemporaryFolder();
        var options = WithRecurrentDraft(folder) with { RequireDraft = true };
        Assert.That(() => ModelPair.LoadAsync(options), Throws.TypeOf<ModelFailureException>().With.Message.StartsWith("the draft is a recurrent model"));
    }

    // The file does not exist, so a check after the load would never be reached.
    [TestCaseSource(nameof(BadOptions))]
    public void OptionsAreCheckedBeforeAModelIsLoaded(ModelPairOptions options, string part)
    {
        Assert.That(() => ModelPair.LoadAsync(options with { TargetPath = "missing.gguf" }), Throws.InstanceOf<ArgumentException>().With.Message.Contains(part));
    }

    [Test]
    public void TheLargestKvCacheIsNoError()
    {
        var engine = new SpeculativeEngineOptions { ConcurrentRequests = 1, ContextLength = 16_777_216 - 9, MaximumDraftLength = 8, MaximumTreeNodes = 8 };
        var options = new ModelPairOptions { Engine = engine, TargetThreadCount = 512, DraftThreadCount = 1 };
        Assert.That(options.Validate, Throws.Nothing);
        Assert.That(RunnerSizes.For(engine, pathCount: 1).CellCapacity, Is.EqualTo(16_777_216));
    }

    [Test]
    [NonParallelizable] // the environment is process-wide
    public async Task AMissingEmbeddedPairSaysWhereItComesFrom()
    {
        using var folder = new TemporaryFolder();
        var before = Environment.GetEnvironmentVariable(EmbeddedPair.FolderVariable);
        try
        {
            Environment.SetEnvironmentVariable(EmbeddedPair.FolderVariable, folder[string.Empty]);
            var error = await Assert.ThrowsAsync<FileNotFoundException>(static () => ModelPair.LoadAsync());
            Assert.That(error!.Message, Does.Contain(EmbeddedPair.TargetPath).And.Contains("not with the package"));
            Assert.That(error.Message, Does.Contain("TargetPath").And.Contains("LLAMASPEC_MODELS"));
        }
        finally
        {
            Environment.SetEnvironmentVariable(EmbeddedPair.FolderVariable, before);
        }
    }

    [TestCase(DecodeStatus.NoKvSlot)]
    [TestCase(DecodeStatus.Aborted)]
    public void AWarmUpThatFailsIsAFailure(DecodeStatus status)
    {
        using var runner = new WarmUpRunner(status);
        Assert.That(() => FirstDecode.Run(runner), Throws.TypeOf<ModelFailureException>().With.Message.Contains(status.ToString()));
    }

    [Test]
    public void AModelThatKeepsNothingIsAFailure()
    {
        using var runner = new WarmUpRunner(DecodeStatus.Ok) { Length = 0 };
        Assert.That(() => FirstDecode.Run(runner), Throws.TypeOf<ModelFailureException>().With.Message.Contains("no model that generates text"));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void TheFirstDecodeShowsWhetherSequencesCanBeRolledBack(bool canTrim)
    {
        using var runner = new WarmUpRunner(DecodeStatus.Ok) { CanTrim = canTrim };
        Assert.That(FirstDecode.Run(runner), Is.EqualTo(canTrim));
    }

    [Test]
    public void WhatTheNextStepFailsWithIsDisposed()
    {
        var runner = new WarmUpRunner(DecodeStatus.NoKvSlot);
        Assert.That(() => LoadedPair.WithOrDispose(runner, static runner => { FirstDecode.Run(runner); return runner; }), Throws.TypeOf<ModelFailureException>());
        Assert.That(runner.IsDisposed, Is.True);
    }

    [Test]
    public void WhatTheNextStepSucceedsWithLives()
    {
        var runner = new WarmUpRunner(DecodeStatus.Ok);
        Assert.That(LoadedPair.WithOrDispose(runner, static runner => { FirstDecode.Run(runner); return runner; }), Is.SameAs(runner));
        Assert.That(runner.IsDisposed, Is.False);
        runner.Dispose();
    }

    private static IEnumerable<TestCaseData> BadOptions()
    {
        yield return Case(new ModelPairOptions { Engine = null! }, "Engine");
        yield return Case(new ModelPairOptions { TargetThreadCount = 0 }, "TargetThreadCount must be from 1 to 512");
        yield return Case(new ModelPairOptions { DraftThreadCount = 513 }, "DraftThreadCount must be from 1 to 512");
        yield return Case(new ModelPairOptions { DraftPaths = 0 }, "DraftPaths must be from 1 to 64");
        yield return Case(new ModelPairOptions { DraftPaths = 65 }, "DraftPaths must be from 1 to 64");
        yield return Case(new ModelPairOptions { TargetPath = "target.gguf", RequireDraft = true }, "give DraftPath with TargetPath");
        yield return Case(new ModelPairOptions { UseDraft = false, RequireDraft = true }, "leave UseDraft on");
        yield return Case(With(new() { ConcurrentRequests = 0 }), "ConcurrentRequests");
        yield return Case(With(new() { ContextLength = 0 }), "ContextLength");
        yield return Case(With(new() { MaximumDraftLength = -1 }), "MaximumDraftLength");
        yield return Case(With(new() { ConcurrentRequests = 64, ContextLength = 262_144 }), "Lower ConcurrentRequests or ContextLength");
        yield return Case(With(new() { ConcurrentRequests = 64, ContextLength = 16_777_216 }), "Lower ConcurrentRequests or ContextLength");

        static ModelPairOptions With(SpeculativeEngineOptions engine) => new() { Engine = engine };
        static TestCaseData Case(ModelPairOptions options, string part) => new TestCaseData(options, part).SetArgDisplayNames(part);
    }

    private static ModelPairOptions WithRecurrentDraft(TemporaryFolder folder)
    {
        var vocabulary = SyntheticModel.Vocabulary("a");
        SyntheticModel.WithVocabulary(vocabulary).Save(folder["target.gguf"]);
        SyntheticModel.Recurrent(vocabulary).Save(folder["draft.gguf"]);
        return new ModelPairOptions
        {
            TargetPath = folder["target.gguf"],
            DraftPath = folder["draft.gguf"],
            TargetThreadCount = 1,
            Engine = SmallEngine with { Policy = PolicyChoice.Fixed(2) },
        };
    }

    private sealed class WarmUpRunner(DecodeStatus status) : IModelRunner
    {
        public bool IsDisposed { get; private set; }

        public ModelInfo Model => EmbeddedModels.Draft.Info;

        public int Length { get; init; } = 2;

        public bool CanTrim { get; init; } = true;

        public int RowCapacity => 2;

        public int SequenceCapacity => 1;

        public int CellCapacity => 2;

        public DecodeStatus Decode(TokenBatch batch) => status;

        public ReadOnlySpan<float> LogitsRow(int row) => throw new NotSupportedException();

        public ReadOnlySpan<float> HiddenRow(int row) => throw new NotSupportedException();

        public void CopySequence(SequenceId source, SequenceId destination, int startPosition, int endPosition) => throw new NotSupportedException();

        public bool TrimSequence(SequenceId sequence, int position) => CanTrim;

        public void ReleaseSequence(SequenceId sequence)
        {
        }

        public int SequenceLength(SequenceId sequence) => Length;

        public void RequestAbort() => throw new NotSupportedException();

        public void Dispose() => IsDisposed = true;
    }
}
