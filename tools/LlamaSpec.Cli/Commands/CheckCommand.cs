using System.CommandLine;
using LlamaSpec.Cli.Checking;
using LlamaSpec.Cli.Json;
using LlamaSpec.Cli.Options;
using LlamaSpec.Cli.Terminals;
using LlamaSpec.Native;
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
    private readonly Option<int> _maximumTokens = NumberOption.Create(
        "--predict", ["-n"], 8, MostTokens, 48, "Tokens that the self-test generates for each of its prompts.");
    private readonly Option<bool> _json = new("--json") { Description = "Write one JSON document instead of text." };

    public CheckCommand(Terminal terminal)
        : base("check", "Tells whether a draft fits a target, and tests both on this machine. Exit code 0 when all is well, 1 when not.")
    {
        _terminal = terminal;
        foreach (var option in (Option[])[_noSelfTest, _maximumTokens, _json])
        {
            Add(option);
        }

        _models = new ModelOptions(this, choosesPolicy: false, usesCalibration: false);
    }

    public override IReadOnlyList<CommandExample> Examples { get; } =
    [
        new("check -m model.gguf -d draft.gguf", "Does this draft fit this target?"),
        new("check", "Does LlamaSpec work here? With the embedded pair"),
        new("check -m model.gguf -d draft.gguf --json | jq .compatible", "For a script"),
    ];

    protected override async Task<int> RunAsync(ParseResult result, CancellationToken cancellationToken)
    {
        using var stop = _terminal.Interrupts.Link(cancellationToken);
        var options = _models.Read(result);
        var document = await Task.Run(() => Inspect(options, stop.Token), stop.Token);
        if (!result.GetValue(_noSelfTest))
        {
            using var status = new StatusLine(_terminal);
            status.Show("self-test: the target as its own draft");
            var test = new SelfTest(options, result.GetValue(_maximumTokens));
            document = document with { SelfTest = await test.RunAsync(document.Compatible == true, stop.Token) };
        }

        if (result.GetValue(_json))
        {
            _terminal.Output.WriteLine(CliJson.Write(document, CliJson.Readable.CheckDocument));
        }
        else
        {
            new CheckReport(_terminal).Write(document);
        }

        return document.Compatible == false || document.SelfTest is { Passed: false } ? ExitCode.Failure : ExitCode.Success;
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
            LibraryDirectory = LlamaBackend.LibraryDirectory,
            SelfTest = null,
        };
    }
}
