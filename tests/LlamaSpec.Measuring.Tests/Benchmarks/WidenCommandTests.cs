using System.CommandLine;
using LlamaSpec.Benchmarks.WideModels;

namespace LlamaSpec.Measuring.Tests.Benchmarks;

public sealed class WidenCommandTests
{
    private StringWriter _output = null!;
    private StringWriter _error = null!;

    [SetUp]
    public void CreateWriters() => (_output, _error) = (new StringWriter(), new StringWriter());

    [Test]
    public async Task ThePathGoesToStandardOutputAndTheRestToStandardError()
    {
        using var folder = new TemporaryFolder();
        var source = new TinyModel().Save(folder["tiny.gguf"]).Path;
        var path = folder["wide.gguf"];
        var code = await RunAsync(source, "--width", "192", "--type", "f16", "-o", path, "-t", "1");

        Assert.That((code, _output.ToString()), Is.EqualTo((0, path + Environment.NewLine)), _error.ToString());
        Assert.That(_error.ToString(), Does.Contain("hashing").And.Contain("writing").And.Contain("checking").And.Contain("written in").And.Contain("same argmax"));
    }

    [TestCase("--width", "100", "multiple of 64")]
    [TestCase("--type", "q9", "q9")]
    [TestCase("--threads", "0", "from 1 to 512")]
    public async Task ABadOptionIsOneClearLine(string option, string value, string part)
    {
        using var folder = new TemporaryFolder();
        var source = new TinyModel().Save(folder["tiny.gguf"]).Path;
        Assert.That(await RunAsync(source, "-o", folder["wide.gguf"], option, value), Is.EqualTo(1));
        Assert.That(_error.ToString(), Does.Contain(part).And.Not.Contain("   at "));
        Assert.That(folder.FileNames, Is.EqualTo((string[])["tiny.gguf"]));
    }

    [Test]
    public async Task AMissingModelIsOneClearLine()
    {
        Assert.That(await RunAsync("missing.gguf"), Is.EqualTo(1));
        Assert.That(_error.ToString(), Does.StartWith("error: The model file missing.gguf does not exist."));
    }

    private Task<int> RunAsync(params string[] arguments) =>
        new RootCommand { new WidenCommand() }.Parse(["widen", .. arguments]).InvokeAsync(new InvocationConfiguration { Output = _output, Error = _error });
}
