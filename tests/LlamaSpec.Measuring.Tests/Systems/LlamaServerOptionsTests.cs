using LlamaSpec.Measuring.Systems;
using LlamaSpec.Native;

namespace LlamaSpec.Measuring.Tests.Systems;

public sealed class LlamaServerOptionsTests
{
    private const string Plain = "--host 127.0.0.1 --port 8123 -m target.gguf -t 3 -tb 3 -c 2048 -np 1 --cache-ram 0";

    private readonly BenchOptions _options = new()
    {
        Pair = new ModelPairOptions { DraftPath = "trimmed.gguf", TargetThreadCount = 3 },
        Prompts = [],
        PromptsName = "built-in",
        Temperatures = [0],
        Policies = [],
        ServerPath = "llama-server",
        ServerDraftPath = "full.gguf",
    };

    [Test]
    public void PlainDecodingHasNoDraft() => Assert.That(Line(_options.ServerOptions("target.gguf", 0)), Is.EqualTo(Plain));

    [Test]
    public void ADraftIsTinyAndGetsOneThread() => Assert.That(Line(_options.ServerOptions("target.gguf", 5)), Is.EqualTo(
        $"{Plain} --spec-type draft-simple -md full.gguf --spec-draft-n-max 5 --spec-draft-n-min 0 --spec-draft-p-min 0 -td 1 -tbd 1"));

    [Test]
    public void AsManyThreadsAsOurDraftGets() =>
        Assert.That(Line((_options with { Pair = _options.Pair with { DraftThreadCount = 2 } }).ServerOptions("target.gguf", 1)), Does.EndWith("-td 2 -tbd 2"));

    private static string Line(LlamaServerOptions options) => string.Join(' ', options.ToArguments(8123));
}
