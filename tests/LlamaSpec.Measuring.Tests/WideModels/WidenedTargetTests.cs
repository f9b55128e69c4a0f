using LlamaSpec.Gguf;
using LlamaSpec.Measuring.WideModels;
using LlamaSpec.Models;
using LlamaSpec.Native;

namespace LlamaSpec.Measuring.Tests.WideModels;

public sealed class WidenedTargetTests
{
    private static readonly string EmbeddedTarget = Path.Combine(AppContext.BaseDirectory, "models", "target.gguf");

    private TemporaryFolder _folder = null!;
    private WidenOptions _options = null!;

    [SetUp]
    public void CreateFolder()
    {
        _folder = new TemporaryFolder();
        _options = new WidenOptions { Width = 128, Type = TensorType.BF16, OutputPath = _folder["wide.gguf"], ThreadCount = 1 };
    }

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    [Test]
    public async Task TheEmbeddedTargetComputesTheSameAtWidth1536()
    {
        var options = _options with { Width = 1536, Type = TensorType.Q8_0 };
        var widened = await WidenedTarget.EnsureAsync(EmbeddedTarget, options);

        Assert.That((widened.Path, widened.WasReused), Is.EqualTo((options.OutputPath, false)));
        Assert.That(LogitBounds.Problem(widened.Difference!.Value, options.Type), Is.Null);
        Assert.That(_folder.FileNames, Is.EqualTo((string[])["wide.gguf"]));
        using var model = LlamaModel.Load(widened.Path);
        Assert.That((model.Info.HiddenSize, model.Info.LayerCount, model.Info.VocabularySize), Is.EqualTo((1536, 8, 49152)));
        Assert.That(model.TryGetMetadata("general.name"), Is.EqualTo("mini, widened from 576 to 1536"));
        Assert.That(model.Tokenizer.Encode("<|im_start|>user", addSpecial: false, parseSpecial: true), Has.Length.EqualTo(2));
        Assert.That(model.ChatTemplate, Does.Contain("<|im_start|>"));
    }

    [Test]
    public async Task TheEmbeddedTargetIsTheSameToTheBitAtFourTimesTheWidth()
    {
        var widened = await WidenedTarget.EnsureAsync(EmbeddedTarget, _options with { Width = 4 * 576, Type = TensorType.Q4_0 });
        Assert.That((widened.Difference!.Value.Maximum, widened.Difference.Value.ArgmaxAgreement), Is.EqualTo((0f, 1d)));
    }

    [Test]
    public async Task AFileThatIsThereIsReused()
    {
        var source = new TinyModel().Save(_folder["tiny.gguf"]).Path;
        Assert.That((await WidenedTarget.EnsureAsync(source, _options)).Difference, Is.Not.Null);
        var written = File.GetLastWriteTimeUtc(_folder["wide.gguf"]);

        var reused = await WidenedTarget.EnsureAsync(source, _options);
        Assert.That((reused.WasReused, reused.Difference), Is.EqualTo((true, (LogitDifference?)null)));
        var found = await WidenedTarget.EnsureAsync(source, _options with { ChecksReused = true });
        Assert.That((found.WasReused, found.Difference?.RowCount), Is.EqualTo((true, (int?)96)));
        Assert.That(File.GetLastWriteTimeUtc(_folder["wide.gguf"]), Is.EqualTo(written));

        Assert.That((await WidenedTarget.EnsureAsync(source, _options with { Force = true })).WasReused, Is.False);
    }

    [Test]
    public async Task AnotherFileInThePlaceIsNotTouched()
    {
        var source = new TinyModel().Save(_folder["tiny.gguf"]).Path;
        await WidenedTarget.EnsureAsync(source, _options);
        foreach (var options in (WidenOptions[])[_options with { Width = 192 }, _options with { Type = TensorType.F16 }, _options with { OutputPath = source }])
        {
            Assert.That(
                () => WidenedTarget.EnsureAsync(source, options),
                Throws.TypeOf<ModelFailureException>().With.Message.Contains("is there already").And.Message.Contains("--force"));
        }

        var other = new TinyModel { Scale = 1.01f }.Save(_folder["other.gguf"]).Path;
        Assert.That(() => WidenedTarget.EnsureAsync(other, _options), Throws.TypeOf<ModelFailureException>().With.Message.Contains("is no copy of"));
    }

    [Test]
    public async Task ADamagedCopyFailsItsCheck()
    {
        var source = new TinyModel().Save(_folder["tiny.gguf"]).Path;
        var path = (await WidenedTarget.EnsureAsync(source, _options)).Path;
        var wide = GgufReader.Read(path);
        using (var stream = File.OpenWrite(path))
        {
            stream.Position = wide.DataStart + wide.Tensors.Single(static tensor => tensor.Name == "blk.1.attn_norm.weight").Offset;
            stream.Write(new byte[4 * TinyModel.Width]);
            stream.Position = wide.DataStart + wide.Tensors.Single(static tensor => tensor.Name == "output_norm.weight").Offset;
            stream.Write(new byte[2 * TinyModel.Width]);
        }

        Assert.That(
            () => WidenedTarget.EnsureAsync(source, _options with { ChecksReused = true }),
            Throws.TypeOf<ModelFailureException>().With.Message.Contains("does not compute what").And.Message.Contains("--force"));
    }

    [Test]
    public void ACopyThatFailsItsCheckIsNotKept()
    {
        var source = new TinyModel { Scale = float.NaN }.Save(_folder["tiny.gguf"]).Path;
        Assert.That(
            () => WidenedTarget.EnsureAsync(source, _options),
            Throws.TypeOf<ModelFailureException>().With.Message.Contains("differ by NaN").And.Message.Contains("not kept"));
        Assert.That(_folder.FileNames, Is.EqualTo((string[])["tiny.gguf"]));
    }

    [Test]
    public void ACancelledCopyLeavesNothing()
    {
        using var stop = new CancellationTokenSource();
        var progress = new StopAt("writing", stop);
        Assert.That(
            () => WidenedTarget.EnsureAsync(EmbeddedTarget, _options with { Width = 768 }, progress, stop.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(_folder.FileNames, Is.Empty);
    }

    private sealed class StopAt(string stage, CancellationTokenSource stop) : IProgress<WidenProgress>
    {
        public void Report(WidenProgress value)
        {
            if (value.Stage == stage)
            {
                stop.Cancel();
            }
        }
    }
}
