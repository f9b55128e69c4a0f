using LlamaSpec.Measuring.WideModels;
using System.CommandLine;
using System.Globalization;
using LlamaSpec.Models;
using LlamaSpec.Native;

namespace LlamaSpec.Benchmarks.WideModels;

/// <summary>widen: the path of the widened copy on stdout, so that it can be handed to another command; all else on stderr.</summary>
internal sealed class WidenCommand : Command
{
    private readonly Argument<string> _model = new("model") { Description = "A GGUF file of a dense llama model." };
    private readonly Option<string> _type = new("--type")
    {
        Description = "Type of the matrices that are written.",
        DefaultValueFactory = static _ => WidenOptions.NameOf(new WidenOptions().Type),
    };

    private readonly Option<int> _width = new("--width")
    {
        Description = "Values of a hidden row.",
        DefaultValueFactory = static _ => new WidenOptions().Width!.Value,
    };

    private readonly Option<string?> _output = new("--output", "-o")
    {
        Description = "The file to write. Default: one in the cache folder, which is reused.",
    };

    private readonly Option<bool> _force = new("--force") { Description = "Write the file even if it is there." };
    private readonly Option<bool> _check = new("--check") { Description = "Compare the logits also when the file is there already." };
    private readonly Option<int?> _threads = new("--threads", "-t") { Description = "Threads for the comparison." };

    public WidenCommand()
        : base("widen", "Makes a copy of a small model that computes the same with larger matrices, and checks that it does.")
    {
        _type.AcceptOnlyFromAmong(WidenOptions.TypeNames);
        Add(_model);
        foreach (var option in (Option[])[_type, _width, _output, _force, _check, _threads])
        {
            Add(option);
        }

        SetAction(RunAsync);
    }

    private Task<int> RunAsync(ParseResult result, CancellationToken cancellationToken)
    {
        var (output, error) = (result.InvocationConfiguration.Output, result.InvocationConfiguration.Error);
        var options = new WidenOptions
        {
            Type = WidenOptions.ParseType(result.GetRequiredValue(_type)),
            Width = result.GetValue(_width),
            OutputPath = result.GetValue(_output),
            Force = result.GetValue(_force),
            ChecksReused = result.GetValue(_check),
            ThreadCount = result.GetValue(_threads),
        };
        var progress = new ProgressLine(error, isTerminal: error == Console.Error && !Console.IsErrorRedirected);
        return CommandErrors.CatchAsync(error, WidenAsync, progress.End);

        async Task<int> WidenAsync()
        {
            var widened = await WidenedTarget.EnsureAsync(result.GetRequiredValue(_model), options, progress, cancellationToken);
            progress.End();
            await error.WriteLineAsync(Describe(widened));
            await output.WriteLineAsync(widened.Path);
            return 0;
        }
    }

    private static string Describe(WidenedTarget widened)
    {
        var megabytes = new FileInfo(widened.Path).Length / 1e6;
        var origin = widened.WasReused ? "reused" : string.Create(CultureInfo.InvariantCulture, $"written in {widened.WritingTime.TotalSeconds:F1} s");
        var check = widened.Difference is { } difference ? Describe(difference) : "not checked (--check)";
        return string.Create(CultureInfo.InvariantCulture, $"{megabytes:F0} MB, {origin}; {check}");
    }

    private static string Describe(LogitDifference difference) => string.Create(
        CultureInfo.InvariantCulture,
        $"logits of {difference.RowCount} rows: largest difference {difference.Maximum:G3}, mean {difference.Mean:G3}, "
        + $"same argmax {difference.ArgmaxAgreement:P1}, {difference.ClearAgreement:P1} bar near-ties");
}
