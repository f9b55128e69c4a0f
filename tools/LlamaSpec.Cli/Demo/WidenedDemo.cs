using LlamaSpec.Cli.Commands;
using LlamaSpec.Cli.Comparison;
using LlamaSpec.Cli.Terminals;
using LlamaSpec.Measuring;
using LlamaSpec.Measuring.WideModels;
using LlamaSpec.Drafting;
using LlamaSpec.Native;

namespace LlamaSpec.Cli.Demo;

/// <summary>
/// The second part of the demo: the same target widened, which has the cost ratios of models of ordinary width. The copy is made once
/// and kept in the cache.
/// </summary>
internal sealed class WidenedDemo(Terminal terminal, DemoReport report)
{
    // The copy takes 0.3 GB; nobody's disk is filled to the brim for a demo.
    private const long LeastFreeBytes = 1L << 30;
    private const int MostPrompts = 3;
    private const int MostTokens = 48;

    /// <summary>Why there is no room for the copy, or null when there is.</summary>
    /// <param name="freeBytes">What the cache's disk has left.</param>
    /// <param name="folder">Where the copy would be.</param>
    public static string? WhyNoRoom(long freeBytes, string folder) => freeBytes < LeastFreeBytes
        ? FormattableString.Invariant($"The second part, with the target widened, is left out: {folder} has {freeBytes / 1e9:0.0} GB free, and it asks for {LeastFreeBytes / 1e9:0.0}.")
        : null;

    /// <summary>Fewer and shorter answers than in the first part: all take longer.</summary>
    public static DemoOptions Shorten(DemoOptions options) => options with
    {
        Prompts = [.. options.Prompts.Take(MostPrompts)],
        Temperatures = [0],
        MaximumTokens = Math.Min(options.MaximumTokens, MostTokens),
    };

    /// <summary>Makes the copy where it is not there, measures it, and writes the table.</summary>
    /// <exception cref="Models.ModelFailureException">The target cannot be widened.</exception>
    /// <exception cref="IOException">The copy cannot be written.</exception>
    public async Task RunAsync(ModelPairOptions pair, DemoOptions options, CancellationToken cancellationToken)
    {
        if (WhyNoRoom(BenchmarkCache.FreeBytes, BenchmarkCache.Folder) is { } reason)
        {
            terminal.Output.WriteLine(reason);
            return;
        }

        var path = await WidenAsync(pair.TargetPath ?? EmbeddedPair.TargetPath, cancellationToken);
        var wide = pair with { TargetPath = path };
        var shorter = Shorten(options);
        await using var speculative = await EngineLoader.LoadAsync(terminal, wide, cancellationToken);
        await using var plain = await EngineLoader.LoadAsync(terminal, wide with { UseDraft = false, Engine = wide.Engine with { Drafter = DrafterChoice.None } }, cancellationToken);
        using var probe = new DivergenceProbe(wide);
        var runner = new DemoRunner(plain, speculative, shorter, probe);
        await runner.WarmUpAsync(cancellationToken);
        var (results, conclusions) = await DemoMeasurement.RunAsync(terminal, runner, shorter, cancellationToken);
        report.WriteWidened(path, results, conclusions, shorter);
    }

    private async Task<string> WidenAsync(string targetPath, CancellationToken cancellationToken)
    {
        using var status = new StatusLine(terminal);
        return (await WidenedTarget.EnsureAsync(targetPath, null, new Progress(terminal, status), cancellationToken)).Path;
    }

    private sealed class Progress(Terminal terminal, StatusLine status) : IProgress<WidenProgress>
    {
        private bool _hasSaid;

        public void Report(WidenProgress value)
        {
            if (value.Stage == "writing" && !_hasSaid)
            {
                _hasSaid = true;
                terminal.WriteNote($"Writing a widened copy of the target, once: about 0.3 GB into {BenchmarkCache.Folder}");
            }

            status.Show(FormattableString.Invariant($"widened copy: {value.Stage} {value.Fraction:P0}"));
        }
    }
}
