using LlamaSpec.Cli.Demo;
using LlamaSpec.Cli.Tests.Fakes;

namespace LlamaSpec.Cli.Tests.Demo;

[TestFixture]
public sealed class PromptFileTests
{
    [Test]
    public void LinesArePlainTextOrFirstTurns()
    {
        using var folder = new TestFolder();
        var file = folder.Write("prompts.txt", "plain\n\n{\"turns\":[\"first\",\"second\"]}\n");

        Assert.That(PromptFile.Read(file), Is.EqualTo(["plain", "first"]));
    }

    [TestCase("")]
    [TestCase("{\"turns\":[]}")]
    [TestCase("{\"turns\":\"text\"}")]
    [TestCase("{\"turns\":[1]}")]
    [TestCase("{broken")]
    public void WhatIsNoPromptIsRefused(string content)
    {
        using var folder = new TestFolder();
        var file = folder.Write("prompts.txt", content);

        Assert.That(() => PromptFile.Read(file), Throws.InstanceOf<IOException>().With.Message.StartsWith($"Cannot read prompts from {file}"));
    }
}
