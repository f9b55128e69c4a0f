using System.CommandLine;
using System.CommandLine.Parsing;
using LlamaSpec.Cli.Comparison;
using LlamaSpec.Cli.Demo;
using LlamaSpec.Cli.Json;
using LlamaSpec.Cli.Options;
using LlamaSpec.Cli.Terminals;
using LlamaSpec.Drafting;
using LlamaSpec.Engine;
using LlamaSpec.Models;
using LlamaSpec.Native;
using LlamaSpec.Native.Calibration;
using LlamaSpec.Policies;

namespace LlamaSpec.Cli.Commands;

/// <summary>demo: plain against speculative decoding, seen and measured.</summary>
internal sealed class DemoCommand : CliCommand
{
    // Both kinds of kernels differ by more than the noise of so many prompts.
    private const int FastRowsPrompts = 4;
    private const int MostTokens = 1 << 20;

    private readonly Terminal _terminal;
    private readonly ModelOptions _models;
    private readonly Option<float[]> _temperatures = ListOption.Numbers("--temperatures", 0f, 100f, "0,0.8", "Temperatures to compare at.");

    // Three drafted tokens make four rows, for which the kernels of llama.cpp are hardly dearer than for two.
    private readonly Option<PolicyChoice[]> _policies = ListOption.Create(
        "--policies", ["--policy"], "auto,fixed:3,adaedl", $"Policies to compare: {PolicyChoice.Syntax}.",
        static (text, result) => PolicyOption.TryParse(result, text) ?? PolicyChoice.Off);

    private readonly Option<int> _maximumTokens = NumberOption.Create("--predict", ["-n"], 2, MostTokens, 128, "Most tokens of an answer.");
    private readonly Option<string?> _prompts = new("--prompts")
    {
        Description = "Other prompts: a file with one a line, plain text or JSON with a \"turns\" array.",
        HelpName = "FILE",
    };
    private readonly Option<int> _limit = NumberOption.Create("--limit", [], 1, int.MaxValue, int.MaxValue, "Use the first N prompts.");
    private readonly Option<int> _seed = NumberOption.Create("--seed", ["-s"], 0, int.MaxValue, 1, "Seed of the random draws.");
    private readonly Option<bool> _json = new("--json") { Description = "Write one JSON document and nothing else." };
    private readonly Option<bool> _noWidened = new("--no-widened")
    {
        Description = "Leave out the second part: the target widened to ordinary size (0.3 GB, kept in the cache).",
    };
    private readonly Option<bool> _widened = new("--widened") { Description = "Show the second part for a target of your own too." };

    public DemoCommand(Terminal terminal)
        : base("demo", "Shows a pair at work: the same prompts by plain and by speculative decoding, timed side by side.")
    {
        _terminal = terminal;
        foreach (var option in (Option[])[_temperatures, _policies, _maximumTokens, _prompts, _limit, _seed, _json, _noWidened, _widened])
        {
            Add(option);
        }

        _models = new ModelOptions(this, choosesPolicy: false);
    }

    public override IReadOnlyList<CommandExample> Examples { get; } =
    [
        new("demo", "See it work, with the embedded demonstration models"),
        new("demo --limit 2 -n 64 --no-widened", "The same in short"),
        new("demo --policies fixed:2,fixed:4,adaedl --temperatures 0", "Compare policies"),
        new("demo -m model.gguf -d draft.gguf --prompts prompts.jsonl --json > result.json", "Measure your own pair with your own prompts"),
    ];

    protected override async Task<int> RunAsync(ParseResult result, CancellationToken cancellationToken)
    {
        using var stop = _terminal.Interrupts.Link(cancellationToken);
        var options = ReadOptions(result);
        var pair = ReadPair(result, options);
        var showsWidened = WantsWidened(result);
        await using var speculative = await EngineLoader.LoadAsync(_terminal, pair, stop.Token);

        // Both with what the calibration chose, or they would not compute alike.
        pair = PairCalibration.WithStored(pair);
        await using var plain = await EngineLoader.LoadAsync(_terminal, pair with { UseDraft = false, Engine = pair.Engine with { Drafter = DrafterChoice.None } }, stop.Token);
        using var probe = new DivergenceProbe(pair);
        var runner = new DemoRunner(plain, speculative, options, probe);
        var report = result.GetValue(_json) ? null : new DemoReport(_terminal);
        report?.WriteHeader(pair, speculative);
        await runner.WarmUpAsync(stop.Token);
        if (report is not null && _terminal.OutputConsole.Profile.Capabilities.Interactive)
        {
            await PlayAsync(plain, speculative, runner, options, stop.Token);
        }

        var (results, conclusions) = await DemoMeasurement.RunAsync(_terminal, runner, options, stop.Token);
        if (report is not null && LlamaBackend.UsesFastRows(pair.FastRows))
        {
            conclusions.Add(await CompareFastRowsAsync(plain, pair, options, probe, stop.Token));
        }

        report?.WriteResults(results, conclusions, options);
        if (report is not null && showsWidened)
        {
            await ShowWidenedAsync(report, pair, options, result.GetValue(_widened), stop.Token);
        }

        if (report is null)
        {
            var document = new DemoDocument(NameOf(pair.TargetPath ?? EmbeddedPair.TargetPath), NameOf(pair.DraftPath!), results);
            _terminal.Output.WriteLine(CliJson.Write(document, CliJson.Readable.DemoDocument));
        }

        return ExitCode.Success;
    }

    private async Task ShowWidenedAsync(
        DemoReport report, ModelPairOptions pair, DemoOptions options, bool isAskedFor, CancellationToken cancellationToken)
    {
        try
        {
            await new WidenedDemo(_terminal, report).RunAsync(pair, options, cancellationToken);
        }
        catch (Exception error) when (!isAskedFor && error is IOException and not OutputClosedException or UnauthorizedAccessException or ModelFailureException)
        {
            // The first part is what was asked for, and it is on the screen.
            _terminal.WriteWarning($"the second part, with the target widened, is left out: {ErrorReport.MessageOf(error)}");
        }
    }

    private bool WantsWidened(ParseResult result)
    {
        var (asks, refuses) = (result.GetValue(_widened), result.GetValue(_noWidened));
        if (asks && refuses)
        {
            throw new UsageException("--widened and --no-widened contradict each other: give one of them.");
        }

        return !result.GetValue(_json) && !refuses && (asks || _models.Read(result).TargetPath is null);
    }

    private async Task<string> CompareFastRowsAsync(
        SpeculativeEngine fast, ModelPairOptions pair, DemoOptions options, DivergenceProbe probe, CancellationToken cancellationToken)
    {
        await using var stock = await EngineLoader.LoadAsync(_terminal, pair with { UseDraft = false, FastRows = FastRows.Off, Engine = pair.Engine with { Drafter = DrafterChoice.None } }, cancellationToken);
        using var status = new StatusLine(_terminal);
        var both = options with { Policies = [PolicyChoice.Off], Prompts = [.. options.Prompts.Take(FastRowsPrompts)] };
        var samples = await new DemoRunner(stock, fast, both, probe).MeasureAsync(
            options.Temperatures[0], () => status.Show("measuring: llama.cpp's own kernels"), cancellationToken);
        return DemoConclusions.FastRows(DemoFigures.Compute(options.Temperatures[0], PolicyChoice.Off, samples[0], [], disabledReason: null));
    }

    private async Task PlayAsync(
        SpeculativeEngine plain, SpeculativeEngine speculative, DemoRunner runner, DemoOptions options, CancellationToken cancellationToken)
    {
        var show = new LiveShow(_terminal);
        var request = runner.CreateRequest(0, options.Temperatures[0]);
        _terminal.Output.WriteLine($"> {options.Prompts[0]}");
        _terminal.Output.Flush();
        await show.PlayAsync("plain", plain, request, cancellationToken);
        await show.PlayAsync($"speculative ({options.Policies[0]})", speculative, request with { Policy = options.Policies[0] }, cancellationToken);
        _terminal.Output.WriteLine();
        _terminal.Output.Flush();
    }

    private DemoOptions ReadOptions(ParseResult result)
    {
        var prompts = result.GetValue(_prompts) is { } path ? PromptFile.Read(path) : BuiltInPrompts.All;
        return new DemoOptions
        {
            Prompts = [.. prompts.Take(result.GetValue(_limit))],
            Temperatures = result.GetRequiredValue(_temperatures),
            Policies = result.GetRequiredValue(_policies),
            MaximumTokens = result.GetValue(_maximumTokens),
            Seed = (ulong)result.GetValue(_seed),
        };
    }

    private ModelPairOptions ReadPair(ParseResult result, DemoOptions options)
    {
        var pair = _models.Read(result);
        if (pair.DraftPath is null)
        {
            throw new UsageException("The demo compares a target with and without a draft: name the draft with --draft.");
        }

        var maximum = _models.ReadDraftMaximum(result, _policies.Name, options.Policies);
        return pair with { Engine = pair.Engine with { MaximumDraftLength = maximum } };
    }

    private static string NameOf(string path) => Path.GetFileName(path);
}
