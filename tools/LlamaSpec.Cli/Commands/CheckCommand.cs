using System.CommandLine;
using System.CommandLine.Parsing;
using LlamaSpec.Calibration;
using LlamaSpec.Cli.Checking;
using LlamaSpec.Cli.Comparison;
using LlamaSpec.Cli.Json;
using LlamaSpec.Cli.Options;
using LlamaSpec.Cli.Terminals;
using LlamaSpec.Files;
using LlamaSpec.Native;
using LlamaSpec.Native.Advice;
using LlamaSpec.Native.Kernels;

namespace LlamaSpec.Cli.Commands;

/// <summary>check: does this draft fit this target, and does it all work on this machine?</summary>
internal sealed class CheckCommand : CliCommand
{
    private const int MostTokens = 4096;

    private readonly Terminal _terminal;
    private readonly ModelOptions _models;
    private readonly Option<bool> _noSelfTest = new("--no-self-test")
    {
        Description = "Only look at the models; do not generate with them.",
    };
    private readonly Option<bool> _noAdvice = new("--no-advice") { Description = "Do not measure what drafting would bring." };
    private readonly Option<bool> _thorough = new("--thorough") { Description = "Time decodes as calibrate does, instead of in a few seconds." };
    private readonly Option<string[]> _otherDrafts = new("--also-draft")
    {
        Description = "Another draft to compare with; may be given several times.",
        HelpName = "FILE",
    };
    private readonly Option<string?> _report = new("--report")
    {
        Description = "Save the advice with its charts: FILE.html, or FILE.svg for the chart alone.",
        HelpName = "FILE",
    };
    private readonly Option<int> _maximumTokens = NumberOption.Create(
        "--predict", ["-n"], 8, MostTokens, 48, "Tokens that the self-test generates for each of its prompts.");
    private readonly Option<bool> _json = new("--json") { Description = "Write one JSON document instead of text." };

    public CheckCommand(Terminal terminal)
        : base("check", "Tells whether a draft fits a target, tests both on this machine, and advises on what to expect of it. Exit code 0 when all is well, 1 when not.")
    {
        _terminal = terminal;
        foreach (var option in (Option[])[_noSelfTest, _noAdvice, _thorough, _otherDrafts, _report, _maximumTokens, _json])
        {
            Add(option);
        }

        _models = new ModelOptions(this, choosesPolicy: false, usesCalibration: false);
    }

    public override IReadOnlyList<CommandExample> Examples { get; } =
    [
        new("check -m model.gguf -d draft.gguf", "Does this draft fit this target?"),
        new("check", "Does LlamaSpec work here? With the embedded pair"),
        new("check -m model.gguf -d small.gguf --also-draft smaller.gguf --report advice.html", "Which of two drafts, and what will it bring?"),
        new("check -m model.gguf -d draft.gguf --json | jq .compatible", "For a script"),
    ];

    protected override async Task<int> RunAsync(ParseResult result, CancellationToken cancellationToken)
    {
        using var stop = _terminal.Interrupts.Link(cancellationToken);
        var options = _models.Read(result);
        using var report = OpenReport(result, options);
        var document = await Task.Run(() => Inspect(options, stop.Token), stop.Token);
        if (!result.GetValue(_noSelfTest))
        {
            using var status = new StatusLine(_terminal);
            status.Show("self-test: the target as its own draft");
            var test = new SelfTest(options, result.GetValue(_maximumTokens));
            document = document with { SelfTest = await test.RunAsync(document.Compatible == true, stop.Token) };
        }

        var advice = document.Compatible is null || result.GetValue(_noAdvice) ? null : await AdviseAsync(options, result, stop.Token);
        if (advice is not null)
        {
            document = document with { Advice = AdviceDocument.From(advice) };
            report?.Write(IsPicture(result) ? AdvicePage.Svg(advice) : AdvicePage.Html(advice));
            report?.Commit();
        }

        if (result.GetValue(_json))
        {
            _terminal.Output.WriteLine(CliJson.Write(document, CliJson.Readable.CheckDocument));
        }
        else
        {
            new CheckReport(_terminal).Write(document);
            if (advice is not null)
            {
                new AdviceReport(_terminal).Write(advice);
            }
        }

        return document.Compatible == false || document.SelfTest is { Passed: false } ? ExitCode.Failure : ExitCode.Success;
    }

    // Opened before anything is measured: a folder that does not exist is said at once.
    private AtomicFile? OpenReport(ParseResult result, ModelPairOptions options)
    {
        if (result.GetValue(_report) is not { } path)
        {
            return null;
        }

        if (result.GetValue(_noAdvice) || !options.UseDraft || options.DraftPath is null)
        {
            throw new UsageException("--report saves the advice, which needs a draft: name one with --draft, and leave --no-advice out.");
        }

        return IsPicture(result) || Path.GetExtension(path).ToLowerInvariant() is ".html" or ".htm"
            ? AtomicFile.Create(path)
            : throw new UsageException($"--report writes .html or .svg, but \"{path}\" ends otherwise.");
    }

    private bool IsPicture(ParseResult result) => Path.GetExtension(result.GetValue(_report))?.ToLowerInvariant() == ".svg";

    private async Task<DraftAdvice> AdviseAsync(ModelPairOptions options, ParseResult result, CancellationToken cancellationToken)
    {
        using var status = new StatusLine(_terminal);
        var progress = new Progress<CalibrationProgress>(at => status.Show($"advice: {at.What} ({at.Done} of {at.Total})"));
        return await DraftAdvisor.AdviseAsync(
            new AdvisorOptions
            {
                Pair = options,
                OtherDraftPaths = result.GetValue(_otherDrafts) ?? [],
                Questions = [.. BuiltInPrompts.All],
                Form = result.GetValue(_thorough) ? CalibrationForm.Full : CalibrationForm.Quick,
            },
            progress,
            cancellationToken);
    }

    private CheckDocument Inspect(ModelPairOptions options, CancellationToken cancellationToken)
    {
        using var pair = PairInspection.Load(options, _terminal, cancellationToken);
        return new CheckDocument
        {
            Target = ModelDocument.From(pair.Target),
            Draft = pair.Draft is null ? null : ModelDocument.From(pair.Draft),
            Compatible = pair.IsCompatible,
            Reason = pair.Reason,
            Differences = pair.Differences,
            LlamaVersion = LlamaBackend.LlamaVersion,
            InstructionSet = new NativeKernels().InstructionSet,
            FastRows = FastRowsDocument.Measure(pair.Target, options),
            Gpus = LlamaBackend.Gpus,
            NoGpuReason = GpuPlacement.WhyNoGpu(),
            LibraryDirectory = LlamaBackend.LibraryDirectory,
            SelfTest = null,
        };
    }
}
