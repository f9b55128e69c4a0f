using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using LlamaSpec.Native.Kernels;
using LlamaSpec.Sampling;

namespace LlamaSpec.Benchmarks.Trees;

/// <summary>verify-trees: verification of a step's trees by the managed and by the native kernels, as Markdown.</summary>
internal sealed class VerifyTreesCommand : Command
{
    private static readonly VerifyTreesOptions Defaults = new();
    private static readonly SamplingOptions Plain = new() { Temperature = 1, TopK = 0, TopP = 1, MinP = 0 };

    private readonly Option<int> _requests = new("--requests", "-r") { Description = "Requests of a step.", DefaultValueFactory = static _ => Defaults.Requests };
    private readonly Option<int> _nodes = new("--nodes", "-n") { Description = "Nodes of a tree.", DefaultValueFactory = static _ => Defaults.Nodes };
    private readonly Option<int> _columns = new("--columns", "-c") { Description = "Tokens of the target.", DefaultValueFactory = static _ => Defaults.VocabularySize };
    private readonly Option<int> _repeats = new("--repeats") { Description = "Verifications of each kind; the fastest counts.", DefaultValueFactory = static _ => Defaults.Repeats };

    public VerifyTreesCommand()
        : base("verify-trees", "Verification of the token trees of one step: the managed kernels against the native ones.")
    {
        foreach (var option in (Option[])[_requests, _nodes, _columns, _repeats])
        {
            Add(option);
        }

        SetAction((result, cancellationToken) =>
            CommandErrors.CatchAsync(result.InvocationConfiguration.Error, () => RunAsync(result, cancellationToken)));
    }

    private async Task<int> RunAsync(ParseResult result, CancellationToken cancellationToken)
    {
        var options = new VerifyTreesOptions
        {
            Requests = result.GetValue(_requests),
            Nodes = result.GetValue(_nodes),
            VocabularySize = result.GetValue(_columns),
            Repeats = result.GetValue(_repeats),
        };
        options.Validate();
        var native = new NativeKernels();
        var output = result.InvocationConfiguration.Output;
        await output.WriteLineAsync(Invariant($"{options.Requests} requests, {options.Nodes} nodes each, {options.VocabularySize} columns, {native.InstructionSet}"));
        await output.WriteLineAsync();
        await output.WriteLineAsync("| rule | rows visited | managed, us | native, us | times faster |");
        await output.WriteLineAsync("|---|---:|---:|---:|---:|");
        foreach (var (name, sampling, isHybrid) in Rules())
        {
            cancellationToken.ThrowIfCancellationRequested();
            var step = new TreeStep(options, sampling, isHybrid);
            var managedMicroseconds = Fastest(new ManagedKernels(), step, options);
            var nativeMicroseconds = Fastest(native, step, options);
            await output.WriteLineAsync(Invariant(
                $"| {name} | {step.VisitedRows} | {managedMicroseconds:F0} | {nativeMicroseconds:F0} | {managedMicroseconds / nativeMicroseconds:F1} |"));
        }

        return 0;
    }

    private static IEnumerable<(string Name, SamplingOptions Sampling, bool IsHybrid)> Rules() =>
    [
        ("greedy", SamplingOptions.Greedy, false),
        ("sample and match", Plain, false),
        ("sample and match, default sampling at temperature 1", new SamplingOptions { Temperature = 1 }, false),
        ("hybrid", Plain, true),
    ];

    private static double Fastest(IKernels kernels, TreeStep step, VerifyTreesOptions options)
    {
        var fastest = double.PositiveInfinity;
        for (var repeat = 0; repeat < options.Repeats; repeat++)
        {
            step.Restore();
            var start = Stopwatch.GetTimestamp();
            kernels.VerifyTrees(step.Logits, options.VocabularySize, step.Batch);
            fastest = Math.Min(fastest, Stopwatch.GetElapsedTime(start).TotalMicroseconds);
        }

        return fastest;
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
