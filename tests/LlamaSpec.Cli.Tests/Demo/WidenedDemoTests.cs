using LlamaSpec.Cli.Demo;
using LlamaSpec.Cli.Tests.Fakes;
using LlamaSpec.Measuring;
using LlamaSpec.Policies;

namespace LlamaSpec.Cli.Tests.Demo;

[TestFixture]
public sealed class WidenedDemoTests
{
    private readonly DemoOptions _options = new()
    {
        Prompts = ["a", "b", "c", "d"], Temperatures = [0.8f, 0], Policies = [PolicyChoice.Fixed(3)], MaximumTokens = 128, Seed = 1,
    };

    [TestCase(1L << 30, null)]
    [TestCase(999_000_000, "The second part, with the target widened, is left out: the-cache has 1.0 GB free, and it asks for 1.1.")]
    public void AFullDiskIsOneLine(long freeBytes, string? line) => Assert.That(WidenedDemo.WhyNoRoom(freeBytes, "the-cache"), Is.EqualTo(line));

    [Test]
    public void TheDiskOfTheCacheCanBeAsked() => Assert.That(BenchmarkCache.FreeBytes, Is.Not.Negative);

    [Test]
    public void TheSecondPartIsShorter()
    {
        var shorter = WidenedDemo.Shorten(_options);
        Assert.That(shorter.Prompts, Is.EqualTo((string[])["a", "b", "c"]));
        Assert.That(shorter.Temperatures, Is.EqualTo((float[])[0]));
        Assert.That((shorter.MaximumTokens, WidenedDemo.Shorten(_options with { MaximumTokens = 8 }).MaximumTokens), Is.EqualTo((48, 8)));
        Assert.That(shorter.Policies, Is.EqualTo(_options.Policies));
    }

    [Test]
    public void ItsTableSaysWhatItIsOf()
    {
        var terminal = new TestTerminal { Width = 80 };
        var result = new DemoResult
        {
            Temperature = 0, Policy = "fixed:3", PlainTokensPerSecond = 20, SpeculativeTokensPerSecond = 30, SpeedUp = 1.5, AcceptanceRate = 0.4,
            MeanAcceptanceLength = 2.2, Identical = true, Divergences = [], ManagedOverheadMilliseconds = 0.1, DisabledReason = null,
        };
        new DemoReport(terminal.Terminal).WriteWidened(Path.Combine("cache", "target-w1536-q8_0.gguf"), [result], ["It pays."], _options);
        Assert.That(terminal.Output.ToString(), Does.StartWith(
            "\nThe same model widened (same function, more weights): what this machine does with models of ordinary width\n"
            + "  target   target-w1536-q8_0.gguf, kept in cache\n"));
        Assert.That(terminal.Output.ToString(), Does.Contain("fixed:3").And.Contain("1.50x").And.EndWith("It pays.\n"));
    }
}
