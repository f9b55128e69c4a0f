using LlamaSpec.Cli.Commands;
using LlamaSpec.Native;

namespace LlamaSpec.Cli.Tests.Commands;

[TestFixture]
public sealed class LoadAdviceTests
{
    private static readonly ModelPairOptions Pair = new() { TargetPath = "a/model.gguf", DraftPath = "draft.gguf" };

    [TestCase("a/model.gguf is empty (0 bytes)")]
    [TestCase("draft.gguf is truncated: tensor data ends at byte 9 but the file has 5 bytes")]
    public void AFindingAboutAFileSaysToCheckIt(string message) =>
        Assert.That(LoadAdvice.TryAdd(message, Pair), Is.EqualTo($"{message}. Check the file, or download it again."));

    [Test]
    public void TheEmbeddedTargetIsAFileToo() =>
        Assert.That(LoadAdvice.TryAdd($"{EmbeddedPair.TargetPath} is empty (0 bytes)", new ModelPairOptions()), Does.EndWith("Check the file, or download it again."));

    [Test]
    public void AContextThatCannotBeCreatedDoesNotBlameTheFile()
    {
        var message = LoadAdvice.TryAdd("the context could not be created: llama.cpp gave no reason", Pair);

        Assert.That(message, Does.StartWith("the context could not be created: llama.cpp gave no reason. ").And.Contain("--ctx-size").And.Contain("--flash-attn"));
        Assert.That(message, Does.Not.Contain("download"));
    }

    [TestCase("Out of memory: no memory. Use a smaller model.")]
    [TestCase("the model keeps no KV cache, so it cannot generate text")]
    public void OtherMessagesStayAsTheyAre(string message) => Assert.That(LoadAdvice.TryAdd(message, Pair), Is.Null);
}
