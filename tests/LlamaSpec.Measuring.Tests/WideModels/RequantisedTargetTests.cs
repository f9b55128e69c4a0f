using LlamaSpec.Gguf;
using LlamaSpec.Measuring.WideModels;

namespace LlamaSpec.Measuring.Tests.WideModels;

public sealed class RequantisedTargetTests
{
    private TemporaryFolder _folder = null!;
    private string _source = null!;

    [SetUp]
    public void CreateModel()
    {
        _folder = new TemporaryFolder();
        _source = new TinyModel().Save(_folder["tiny.gguf"]).Path;
    }

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    [Test]
    public async Task TheShapeStaysAndTheMatricesChangeTheirType()
    {
        var copy = await WidenedTarget.EnsureAsync(_source, Options(TensorType.F16));
        var (before, after) = (GgufReader.Read(_source), GgufReader.Read(copy.Path));
        Assert.That(after.Tensors.Select(static tensor => (tensor.Name, string.Join('x', tensor.Dimensions))), Is.EqualTo(before.Tensors.Select(static tensor => (tensor.Name, string.Join('x', tensor.Dimensions)))));
        Assert.That(after.Tensors.Select(static tensor => (tensor.Dimensions.Count, tensor.Type)), Has.All.AnyOf((1, TensorType.F32), (2, TensorType.F16)));
        Assert.That(after.Metadata.Text("general.name"), Is.EqualTo("tiny, requantised to F16"));
        Assert.That((copy.Problem, copy.WasReused), Is.EqualTo(((string?)null, false)));
    }

    [Test]
    public async Task ACopyThatIsAnotherModelIsKeptAndSaysSoEachTime()
    {
        var options = Options(TensorType.Q4_0);
        var copy = await WidenedTarget.EnsureAsync(_source, options);
        var again = await WidenedTarget.EnsureAsync(_source, options);
        Assert.That(copy.Problem, Does.Contain("for Q4_0").Or.Contain("prefer the same token"));
        Assert.That((again.WasReused, again.Problem), Is.EqualTo((true, copy.Problem)));
        Assert.That(() => WidenedTarget.EnsureAsync(_source, options with { KeepsOther = false }), Throws.TypeOf<LlamaSpec.Models.ModelFailureException>());
    }

    private WidenOptions Options(TensorType type) => WidenOptions.Requantised(type) with { OutputPath = _folder["copy.gguf"], ThreadCount = 1 };
}
