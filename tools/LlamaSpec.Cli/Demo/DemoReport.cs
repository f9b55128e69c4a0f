using System.Globalization;
using LlamaSpec.Cli.Terminals;
using LlamaSpec.Engine;
using LlamaSpec.Native;
using LlamaSpec.Native.Kernels;

namespace LlamaSpec.Cli.Demo;

/// <summary>What a person sees of the demo.</summary>
internal sealed class DemoReport(Terminal terminal)
{
    public void WriteHeader(ModelPairOptions options, SpeculativeEngine engine)
    {
        var target = options.TargetPath ?? EmbeddedPair.TargetPath;
        terminal.Output.WriteLine("LlamaSpec: the same text, with and without speculative decoding");
        terminal.Output.WriteLine($"  target   {Describe(target)}, {engine.Target.LayerCount} layers");
        terminal.Output.WriteLine($"  draft    {Describe(options.DraftPath!)}");
        if (options.TargetPath is null)
        {
            terminal.Output.WriteLine("           demonstration model: fluent, repetitive at temperature 0, not knowledgeable");
        }

        var threads = options.TargetThreadCount ?? new LlamaContextOptions().ThreadCount;
        var fastRows = LlamaBackend.UsesFastRows(options.FastRows) ? "fast rows" : "llama.cpp's own rows";
        var machine = $"{Count(Environment.ProcessorCount, "processor")}, {new NativeKernels().InstructionSet}, {fastRows}";
        terminal.Output.WriteLine($"  machine  {machine}, llama.cpp {LlamaBackend.LlamaVersion}, {Count(threads, "thread")} for the target");
        terminal.Output.WriteLine();
        terminal.Output.Flush();
    }

    /// <summary>The second part: a small table of its own, so that nobody takes its figures for those of the model itself.</summary>
    public void WriteWidened(string path, IReadOnlyList<DemoResult> results, IReadOnlyList<string> conclusions, DemoOptions options)
    {
        terminal.Output.WriteLine();
        terminal.Output.WriteLine("The same model widened (same function, more weights): what this machine does with models of ordinary width");
        terminal.Output.WriteLine($"  target   {Describe(path)}, kept in {Path.GetDirectoryName(path)}");
        terminal.Output.WriteLine();
        WriteResults(results, conclusions, options);
    }

    public void WriteResults(IReadOnlyList<DemoResult> results, IReadOnlyList<string> conclusions, DemoOptions options)
    {
        terminal.Output.WriteLine(
            $"{Count(options.Prompts.Count, "prompt")}, up to {Count(options.MaximumTokens, "token")} each. "
            + "Plain decoding has no draft loaded; the time for reading the prompts is left out.");
        terminal.OutputConsole.Write(DemoTable.Create(results, options.Prompts.Count));
        foreach (var line in conclusions)
        {
            terminal.Output.WriteLine(line);
        }

        if (results.Any(static result => result is { Temperature: > 0, Identical: false }))
        {
            terminal.Output.WriteLine("* Above temperature 0 each text is drawn anew: the promise is the target's own distribution, not the same text.");
        }

        terminal.Output.Flush();
    }

    private static string Describe(string path) => File.Exists(path)
        ? string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(path)} ({new FileInfo(path).Length / 1e6:0.0} MB)")
        : Path.GetFileName(path);

    private static string Count(int count, string thing) => count == 1 ? $"1 {thing}" : $"{count} {thing}s";
}
