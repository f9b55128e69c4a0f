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
    public void PlainDecodingHasNoDraft() => Assert.That(Line(LlamaServerSetting.Plain), Is.EqualTo(Plain));

    [Test]
    public void ADraftIsTinyAndGetsOneThread() => Assert.That(Line(LlamaServerSetting.Drafting(5)), Is.EqualTo(
        $"{Plain} --spec-type draft-simple -md full.gguf --spec-draft-n-max 5 --spec-draft-n-min 0 --spec-draft-p-min 0 -td 1 -tbd 1"));

    [Test]
    public void AsManyThreadsAsOurDraftGets() =>
        Assert.That(Line(LlamaServerSetting.Drafting(1), _options with { Pair = _options.Pair with { DraftThreadCount = 2 } }), Does.EndWith("-td 2 -tbd 2"));

    [TestCase("ngram-simple", "--spec-type ngram-simple")]
    [TestCase("ngram-simple:4/8", "--spec-type ngram-simple --spec-ngram-simple-size-n 4 --spec-ngram-simple-size-m 8")]
    [TestCase("ngram-map-k", "--spec-type ngram-map-k")]
    [TestCase("ngram-map-k:3/16", "--spec-type ngram-map-k --spec-ngram-map-k-size-n 3 --spec-ngram-map-k-size-m 16")]
    [TestCase("ngram-map-k4v", "--spec-type ngram-map-k4v")]
    [TestCase("ngram-map-k4v:6/2", "--spec-type ngram-map-k4v --spec-ngram-map-k4v-size-n 6 --spec-ngram-map-k4v-size-m 2")]
    [TestCase("ngram-mod", "--spec-type ngram-mod")]
    [TestCase("ngram-mod:8/5", "--spec-type ngram-mod --spec-ngram-mod-n-match 8 --spec-ngram-mod-n-max 5 --spec-ngram-mod-n-min 1")]
    [TestCase("ngram-cache", "--spec-type ngram-cache")]
    public void AnNGramKindNeedsNoDraft(string setting, string line) =>
        Assert.That(Line(LlamaServerSetting.Parse(setting, []).Single()), Is.EqualTo($"{Plain} {line}"));

    private string Line(LlamaServerSetting setting, BenchOptions? options = null) =>
        string.Join(' ', (options ?? _options).ServerOptions("target.gguf", setting).ToArguments(8123));
}
