using LlamaSpec.Models;

namespace LlamaSpec.Native.Tests;

public sealed class LlamaModelTests
{
    [Test]
    public void TheTargetDescribesItself()
    {
        var model = EmbeddedModels.Target;
        Assert.That(model.Info.VocabularySize, Is.EqualTo(49152));
        Assert.That(model.Info.LayerCount, Is.EqualTo(8));
        Assert.That(model.Info.HiddenSize, Is.EqualTo(576));
        Assert.That(model.Info.TrainedContextLength, Is.GreaterThan(0));
        Assert.That(model.Info.ParameterCount, Is.GreaterThan(10_000_000));
        Assert.That(model.Info.SizeBytes, Is.InRange(10_000_000, 40_000_000));
        Assert.That(model.Info.Description, Does.StartWith("llama"));
        Assert.That(model.HasVocabulary, Is.True);
        Assert.That(model.IsRecurrent, Is.False);
        Assert.That(model.Tokenizer.TokenText(model.EndToken), Is.EqualTo("<|im_end|>"));
        Assert.That(model.ChatTemplate, Does.Contain("<|im_start|>"));
    }

    [Test]
    public void TheTrimmedDraftHasRowsButNoVocabulary()
    {
        var model = EmbeddedModels.Draft;
        Assert.That(model.Info.VocabularySize, Is.EqualTo(8192));
        Assert.That(model.HasVocabulary, Is.False);
        Assert.That((model.BeginToken, model.EndToken, model.EndOfTurnToken), Is.EqualTo((-1, -1, -1)));
        Assert.That(() => model.Tokenizer, Throws.InvalidOperationException.With.Message.Contains("use the target's tokenizer"));
    }

    [Test]
    public void MetadataIsReadByKey()
    {
        Assert.That(EmbeddedModels.Target.TryGetMetadata("general.architecture"), Is.EqualTo("llama"));
        Assert.That(EmbeddedModels.Target.TryGetMetadata("no.such.key"), Is.Null);
    }

    [Test]
    public void AMissingFileIsNamed()
    {
        var error = Assert.Throws<FileNotFoundException>(static () => LlamaModel.Load("nowhere/missing.gguf"));
        Assert.That(error.Message, Does.Contain("nowhere/missing.gguf does not exist"));
        Assert.That(error.FileName, Is.EqualTo("nowhere/missing.gguf"));
    }

    [Test]
    public void AnEmptyFileIsNamed() => AssertRefused([], "is empty (0 bytes)");

    [Test]
    public void AForeignFileShowsItsFirstBytes() => AssertRefused("%PDF-1.7"u8.ToArray(), "is not a GGUF file: it starts with \"%PDF\"");

    [Test]
    public void ACorruptHeaderIsNamed()
    {
        var bytes = File.ReadAllBytes(EmbeddedModels.DraftPath);
        bytes[4] = 99;
        AssertRefused(bytes, "is corrupt: ");
    }

    [Test]
    public void ATruncatedFileIsMeasured()
    {
        var bytes = File.ReadAllBytes(EmbeddedModels.DraftPath);
        AssertRefused(bytes[..^500_000], $"is truncated: tensor data ends at byte {bytes.Length} but the file has {bytes.Length - 500_000} bytes");
    }

    [Test]
    public void ADirectoryIsNoModel()
    {
        Assert.That(() => LlamaModel.Load(AppContext.BaseDirectory), Throws.TypeOf<ModelFailureException>().With.Message.Contains("is a directory"));
    }

    [Test]
    public void APathWithLettersOfAnyAlphabetIsFound()
    {
        using var folder = new TemporaryFolder();
        SyntheticModel.WithoutVocabulary(64).Save(folder["модель-模型-😀.gguf"]);
        using var model = LlamaModel.Load(folder["модель-模型-😀.gguf"]);
        Assert.That(model.Info.VocabularySize, Is.EqualTo(64));
    }

    [Test]
    public void ACancelledTokenStopsBeforeTheFileIsTouched()
    {
        Assert.That(() => LlamaModel.Load("missing.gguf", cancellationToken: new CancellationToken(canceled: true)), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void ALoadThatRunsCanBeCancelled()
    {
        for (var attempt = 0; attempt < 50; attempt++)
        {
            // Without memory mapping a load takes longer than the progress timer.
            using var cancellation = new CancellationTokenSource();
            var progress = new CallbackProgress(_ => cancellation.Cancel());
            try
            {
                LlamaModel.Load(EmbeddedModels.TargetPath, new LlamaModelOptions { UseMemoryMap = false }, progress, cancellation.Token).Dispose();
            }
            catch (OperationCanceledException error)
            {
                Assert.That(error.CancellationToken, Is.EqualTo(cancellation.Token));
                return;
            }
        }

        Assert.Fail("No load noticed the cancellation.");
    }

    [Test]
    public void ProgressEndsAtOne()
    {
        var last = 0f;
        using var model = LlamaModel.Load(EmbeddedModels.DraftPath, progress: new CallbackProgress(fraction => last = fraction));
        Assert.That(last, Is.EqualTo(1f));
    }

    [Test]
    public void AReportThatThrowsIsThrownByTheLoad()
    {
        var failure = new InvalidOperationException("no console");
        var progress = new CallbackProgress(_ => throw failure);
        Assert.That(() => LlamaModel.Load(EmbeddedModels.TargetPath, new LlamaModelOptions { UseMemoryMap = false }, progress), Throws.Exception.SameAs(failure));
    }

    [Test]
    public void ABadGpuLayerCountIsRefused()
    {
        Assert.That(
            static () => LlamaModel.Load(EmbeddedModels.DraftPath, new LlamaModelOptions { GpuLayerCount = -2 }),
            Throws.ArgumentException.With.Message.Contains("gpu_layers is -2"));
    }

    [Test]
    public void ADisposedModelSaysSo()
    {
        var model = LlamaModel.Load(EmbeddedModels.DraftPath);
        model.Dispose();
        model.Dispose();
        Assert.That(() => model.TryGetMetadata("general.name"), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => new LlamaModelRunner(model), Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public void ARunnerOutlivesItsModel()
    {
        var model = LlamaModel.Load(EmbeddedModels.DraftPath);
        using var runner = new LlamaModelRunner(model, new LlamaContextOptions { CellCapacity = 256, RowCapacity = 8 });
        model.Dispose();
        var batch = new TokenBatch(8);
        batch.Add(1, 0, new SequenceId(0), wantsLogits: true);
        Assert.That(runner.Decode(batch), Is.EqualTo(DecodeStatus.Ok));
        Assert.That(runner.LogitsRow(0).Length, Is.EqualTo(8192));
    }

    private static void AssertRefused(byte[] bytes, string part)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["bad.gguf"], bytes);
        var error = Assert.Throws<ModelFailureException>(() => LlamaModel.Load(folder["bad.gguf"]));
        Assert.That(error.Message, Does.StartWith(folder["bad.gguf"]).And.Contains(part));
    }

    private sealed class CallbackProgress(Action<float> callback) : IProgress<float>
    {
        public void Report(float value) => callback(value);
    }
}
