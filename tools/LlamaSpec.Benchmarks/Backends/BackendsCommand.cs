using System.CommandLine;
using System.Text.Json;
using LlamaSpec.Calibration;
using LlamaSpec.Native;
using LlamaSpec.Policies;

namespace LlamaSpec.Benchmarks.Backends;

/// <summary>backends: the same pair, questions and policies over every backend of the build, as Markdown.</summary>
internal sealed class BackendsCommand : Command
{
    private readonly Option<string> _model = new("--model", "-m") { Description = "The target's GGUF file. Default: the embedded pair.", DefaultValueFactory = static _ => EmbeddedPair.TargetPath };
    private readonly Option<string> _draft = new("--draft", "-d") { Description = "The draft's GGUF file. Default: the embedded pair's.", DefaultValueFactory = static _ => EmbeddedPair.DraftPath };
    private readonly Option<int> _threads = new("--threads", "-t") { Description = "Threads of target and draft.", DefaultValueFactory = static _ => 1 };
    private readonly Option<string> _policies = new("--policies") { Description = $"Comma-separated: {PolicyChoice.Syntax}.", DefaultValueFactory = static _ => "off,fixed:3,tree:2x3,auto" };
    private readonly Option<int> _questions = new("--questions", "-q") { Description = $"Questions, 1 to {BenchmarkQuestions.All.Length}.", DefaultValueFactory = static _ => 4 };
    private readonly Option<int> _tokens = new("--tokens", "-n") { Description = "Tokens of an answer.", DefaultValueFactory = static _ => 64 };
    private readonly Option<int> _repeats = new("--repeats") { Description = "Processes of each backend, in turn; the median counts.", DefaultValueFactory = static _ => 3 };
    private readonly Option<bool> _calibrated = new("--calibrated") { Description = "Measure the costs of the pair first, in 2.5 seconds at most, and keep them; else they are learned while answering." };
    private readonly Option<string?> _only = new("--only") { Description = "Measure one backend in this process and write JSON.", Hidden = true };

    public BackendsCommand()
        : base(
            "backends",
            "The same pair, questions and policies over LlamaSpec's own backend and over LLamaSharp, where it is part of the build (build.sh bench --with-llamasharp backends). "
            + "Each backend runs in processes of its own, in turn: two versions of llama.cpp do not share one.")
    {
        foreach (var option in (Option[])[_model, _draft, _threads, _policies, _questions, _tokens, _repeats, _calibrated, _only])
        {
            Add(option);
        }

        SetAction((result, cancellationToken) =>
            CommandErrors.CatchAsync(result.InvocationConfiguration.Error, () => RunAsync(result, cancellationToken)));
    }

    private async Task<int> RunAsync(ParseResult result, CancellationToken cancellationToken)
    {
        var options = new BackendOptions
        {
            TargetPath = Path.GetFullPath(result.GetRequiredValue(_model)),
            DraftPath = Path.GetFullPath(result.GetRequiredValue(_draft)),
            Policies = result.GetRequiredValue(_policies).Split(','),
            Questions = Math.Clamp(result.GetValue(_questions), 1, BenchmarkQuestions.All.Length),
            Tokens = Math.Max(2, result.GetValue(_tokens)),
            Threads = Math.Max(1, result.GetValue(_threads)),
            Calibration = result.GetValue(_calibrated) ? CalibrationMode.Auto : CalibrationMode.Off,
        };
        Array.ForEach(options.Policies, static policy => PolicyChoice.Parse(policy));
        var output = result.InvocationConfiguration.Output;
        if (result.GetValue(_only) is { } only)
        {
            var figures = await BackendMeter.MeasureAsync(MeasuredBackend.Create(only, options), options, BenchmarkQuestions.All, cancellationToken);
            await output.WriteLineAsync(JsonSerializer.Serialize(figures));
            return 0;
        }

        if (!MeasuredBackend.Names.Contains(MeasuredBackend.LLamaSharp))
        {
            await result.InvocationConfiguration.Error.WriteLineAsync("LLamaSharp is no part of this build: build.sh bench --with-llamasharp backends");
        }

        var processes = new BackendProcesses(ArgumentsOfChild(result), result.InvocationConfiguration.Error);
        var all = await processes.RunAsync(MeasuredBackend.Names, Math.Max(1, result.GetValue(_repeats)), cancellationToken);
        using var differences = new AnswerDifferences(options);
        await output.WriteAsync(BackendTables.Write(options, all, differences));
        return 0;
    }

    // What a child is told: the parent's own options, but for those about children.
    private string[] ArgumentsOfChild(ParseResult result) =>
    [
        Name, _model.Name, Path.GetFullPath(result.GetRequiredValue(_model)), _draft.Name, Path.GetFullPath(result.GetRequiredValue(_draft)),
        _threads.Name, $"{result.GetValue(_threads)}", _policies.Name, result.GetRequiredValue(_policies),
        _questions.Name, $"{result.GetValue(_questions)}", _tokens.Name, $"{result.GetValue(_tokens)}", _calibrated.Name, $"{result.GetValue(_calibrated)}", _only.Name,
    ];
}
