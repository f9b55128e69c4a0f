using System.CommandLine;
using LlamaSpec.Cli.Options;
using LlamaSpec.Cli.Tests.Fakes;
using LlamaSpec.Native;

namespace LlamaSpec.Cli.Tests.Commands;

/// <summary>--gpu-layers and --draft-gpu-layers, on machines with a GPU and without.</summary>
[TestFixture]
public sealed class GpuLayersTests
{
    [TestCase(-1, null)]
    [TestCase(9999, null, "--gpu-layers", "all")]
    [TestCase(9999, null, "-ngl", "-1")]
    [TestCase(0, null, "--gpu-layers", "0")]
    [TestCase(12, 3, "--gpu-layers", "12", "--draft-gpu-layers", "3")]
    [TestCase(-1, 9999, "--gpu-layers-draft", "all")]
    [TestCase(0, 9999, "-ngl", "0", "-ngld", "-1")]
    public void LayersAreANumberOrAll(int target, int? draft, params string[] arguments)
    {
        var command = new Command("test");
        var options = new ModelOptions(command, choosesPolicy: true);

        var read = options.Read(command.Parse(arguments));

        Assert.That((read.GpuLayerCount, read.DraftGpuLayerCount), Is.EqualTo((target, draft)));
    }

    [Test]
    public async Task LayersWithoutAGpuCostOneWarning()
    {
        Assume.That(LlamaBackend.Gpus, Is.Empty, "This machine has a GPU.");
        var run = await CommandLine.RunAsync("generate", "Once", "-n", "4", "-t", "1", "--calibration", "off", "--gpu-layers", "all", "--draft-gpu-layers", "2");

        Assert.That(run.ExitCode, Is.Zero, run.Error);
        Assert.That(run.Output.Trim(), Is.Not.Empty);
        Assert.That(run.Error.Split("no GPU, everything on the processor instead: "), Has.Length.EqualTo(2), run.Error);
    }

    [Test]
    public async Task WhoAsksForNothingIsToldNothing()
    {
        var run = await CommandLine.RunAsync("generate", "Once", "-n", "4", "-t", "1", "--calibration", "off");

        Assert.That(run.ExitCode, Is.Zero, run.Error);
        Assert.That(run.Error, Does.Not.Contain("GPU"));
    }

    [Test]
    public async Task CheckTellsOfGpus()
    {
        var run = await CommandLine.RunAsync("check", "-t", "1", "--no-self-test", "--no-advice", "--gpu-layers", "all");

        Assert.That(run.ExitCode, Is.Zero, run.Error);
        Assert.That(run.Output, Does.Contain(LlamaBackend.Gpus.Count > 0 ? $"\nGPU       {LlamaBackend.Gpus[0]}" : "\nGPU       none, the processor computes everything: "));
    }
}
