using LlamaSpec.Gguf;
using LlamaSpec.Measuring.WideModels;

namespace LlamaSpec.Measuring.Tests.WideModels;

public sealed class GgufWriterTests
{
    [Test]
    public void ATensorWithoutAllItsBytesIsRefused()
    {
        using var stream = new MemoryStream();
        var writer = new GgufWriter(stream, new GgufMetadata(), [new GgufTensor("first", [2], TensorType.F32)]);
        writer.Write([1, 2, 3, 4]);
        Assert.That(writer.EndTensor, Throws.InvalidOperationException.With.Message.Contains("4 were not written"));
        Assert.That(writer.Finish, Throws.InvalidOperationException.With.Message.Contains("first"));
    }
}
