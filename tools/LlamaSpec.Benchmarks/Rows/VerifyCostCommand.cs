using System.CommandLine;
using LlamaSpec.Measuring.WideModels;
using LlamaSpec.Native;

namespace LlamaSpec.Benchmarks.Rows;

/// <summary>verify-cost: V(n) with and without fast rows, as Markdown.</summary>
internal sealed class VerifyCostCommand : Command
{
    private static readonly VerifyCostOptions Defaults = new();

    private readonly Option<string[]> _models = new("--model", "-m")
    {
        Description = "GGUF files, one table each. Default: the embedded target.",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = static _ => [EmbeddedPair.TargetPath],
    };

    private readonly Option<string[]> _widen = new("--widen")
    {
        Description = "Also measure copies of the first model widened to 1536, in these types.",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<int[]> _threads = new("--threads", "-t")
    {
        Description = "Numbers of threads, one table each. Default: all processors, at most 8.",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = static _ => [new LlamaContextOptions().ThreadCount],
    };

    private readonly Option<int> _rows = new("--rows", "-n") { Description = "Most rows of a decode.", DefaultValueFactory = static _ => Defaults.MostRows };
    private readonly Option<int> _depth = new("--depth") { Description = "Tokens in the KV cache before the rows.", DefaultValueFactory = static _ => Defaults.Depth };
    private readonly Option<int> _repeats = new("--repeats") { Description = "Turns; the median counts.", DefaultValueFactory = static _ => Defaults.Repeats };

    public VerifyCostCommand()
        : base("verify-cost", "V(n): the time to decode n rows, with llama.cpp's own matrix products and with fast rows.")
    {
        _widen.AcceptOnlyFromAmong(WidenOptions.TypeNames);
        foreach (var option in (Option[])[_models, _widen, _threads, _rows, _depth, _repeats])
        {
            Add(option);
        }

        SetAction((result, cancellationToken) =>
            CommandErrors.CatchAsync(result.InvocationConfiguration.Error, () => RunAsync(result, cancellationToken)));
    }

    private async Task<int> RunAsync(ParseResult result, CancellationToken cancellationToken)
    {
        OptionsFor(result, threads: 1).Validate();
        var output = result.InvocationConfiguration.Output;
        var paths = result.GetRequiredValue(_models).ToList();
        foreach (var type in result.GetValue(_widen) ?? [])
        {
            var options = new WidenOptions { Type = WidenOptions.ParseType(type) };
            var progress = new ProgressLine(Console.Error, !Console.IsErrorRedirected);
            paths.Add((await WidenedTarget.EnsureAsync(paths[0], options, progress, cancellationToken)).Path);
            progress.End();
        }

        await output.WriteLineAsync($"llama.cpp {LlamaBackend.LlamaVersion}, {Environment.ProcessorCount} processors, fast rows with {LlamaBackend.FastRowInstructions ?? "no instructions of this processor"}");
        await output.WriteLineAsync();
        foreach (var path in paths)
        {
            using var model = LlamaModel.Load(path, new LlamaModelOptions { GpuLayerCount = 0 }, progress: null, cancellationToken);
            foreach (var threads in result.GetRequiredValue(_threads))
            {
                var cost = VerifyCost.Measure(model, OptionsFor(result, threads), cancellationToken);
                VerifyCostTable.Write(cost, $"{Path.GetFileName(path)}, threads: {threads}", output);
                await output.FlushAsync(cancellationToken);
            }
        }

        return 0;
    }

    private VerifyCostOptions OptionsFor(ParseResult result, int threads) => new()
    {
        Depth = result.GetValue(_depth),
        MostRows = result.GetValue(_rows),
        Repeats = result.GetValue(_repeats),
        ThreadCount = threads,
    };
}
