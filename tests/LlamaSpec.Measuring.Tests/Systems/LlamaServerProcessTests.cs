using LlamaSpec.Measuring.Systems;

namespace LlamaSpec.Measuring.Tests.Systems;

public sealed class LlamaServerProcessTests
{
    private readonly LlamaServerOptions _options = new() { ExecutablePath = "missing-llama-server", TargetPath = "target.gguf", ThreadCount = 1, ContextLength = 512 };

    [Test]
    public void AMissingExecutableIsAClearError() => Assert.That(
        () => LlamaServerProcess.StartAsync(_options, default),
        Throws.TypeOf<MeasurementException>().With.Message.Contains("Cannot start missing-llama-server").And.Message.Contains("Name the llama-server executable."));

    [Test]
    [Platform(Exclude = "Win", Reason = "Needs a program that ends at once, whatever its arguments.")]
    public void AServerThatEndsAtOnceIsAnErrorWithItsLastLines() => Assert.That(
        () => LlamaServerProcess.StartAsync(_options with { ExecutablePath = "ls" }, default),
        Throws.TypeOf<MeasurementException>().With.Message.Contains("ended with code").And.Message.Contains("Its last lines:\n  ls:"));

    [Test]
    public void OnlyTheLastLinesAreKept()
    {
        var log = new LogTail();
        Assert.That(log.ToString(), Is.EqualTo("It wrote nothing."));
        foreach (var line in Enumerable.Range(1, 20).Select(static number => $"line {number}").Append("").Append(null))
        {
            log.Add(line);
        }

        Assert.That(log.ToString(), Does.StartWith("Its last lines:\n  line 13\n").And.EndWith("\n  line 20"));
    }
}
