using System.CommandLine;
using LlamaSpec.Calibration;
using LlamaSpec.Cli.Calibrating;
using LlamaSpec.Cli.Json;
using LlamaSpec.Cli.Options;
using LlamaSpec.Cli.Terminals;
using LlamaSpec.Native;
using LlamaSpec.Native.Calibration;

namespace LlamaSpec.Cli.Commands;

/// <summary>calibrate: what do decodes of this pair cost on this machine?</summary>
internal sealed class CalibrateCommand : CliCommand
{
    private readonly Terminal _terminal;
    private readonly ModelOptions _models;
    private readonly Option<bool> _quick = new("--quick")
    {
        Description = "Fewer rows, depths and repeats, in some seconds; settings are left as they are.",
    };
    private readonly Option<bool> _force = new("--force") { Description = "Measure even if the pair was measured before." };
    private readonly Option<bool> _reset = new("--reset") { Description = "Delete what was measured and learned of the pair, and measure nothing." };
    private readonly Option<bool> _json = new("--json") { Description = "Write one JSON document instead of text." };

    public CalibrateCommand(Terminal terminal)
        : base("calibrate", "Measures what decodes of a pair cost on this machine, and keeps it for the other commands. Best run while nothing else does.")
    {
        _terminal = terminal;
        foreach (var option in (Option[])[_quick, _force, _reset, _json])
        {
            Add(option);
        }

        _models = new ModelOptions(this, choosesPolicy: false, usesCalibration: false);
    }

    public override IReadOnlyList<CommandExample> Examples { get; } =
    [
        new("calibrate", "Measure the embedded pair, and choose threads, attention and matrix products for it"),
        new("calibrate -m model.gguf -d draft.gguf --force", "Measure another pair, whatever is known of it"),
        new("calibrate -m model.gguf -d draft.gguf --quick --json | jq .costs.verify", "In short, for a script"),
        new("calibrate --reset", "Forget the embedded pair"),
    ];

    protected override async Task<int> RunAsync(ParseResult result, CancellationToken cancellationToken)
    {
        using var stop = _terminal.Interrupts.Link(cancellationToken);
        var options = _models.Read(result);
        var store = new ProfileStore();
        var key = ProfileKey.TryCreate(options);
        if (result.GetValue(_reset))
        {
            return Reset(result, options, store, key);
        }

        var document = await MeasureAsync(result, options, store, key, stop.Token);
        if (result.GetValue(_json))
        {
            _terminal.Output.WriteLine(CliJson.Write(document, CliJson.Readable.CalibrationDocument));
        }
        else
        {
            new CalibrationReport(_terminal).Write(document);
        }

        return ExitCode.Success;
    }

    private async Task<CalibrationDocument> MeasureAsync(
        ParseResult result, ModelPairOptions options, ProfileStore store, string? key, CancellationToken cancellationToken)
    {
        var form = result.GetValue(_quick) ? CalibrationForm.Quick : CalibrationForm.Full;
        var costs = result.GetValue(_force) || key is null ? null : store.TryRead(key);
        var isNew = costs is null || (costs.IsQuick && form == CalibrationForm.Full);
        var isStored = true;
        if (isNew)
        {
            costs = await LoadAdvice.AddAsync(
                options, () => CalibrationView.RunAsync(_terminal, progress => PairCalibration.MeasureAsync(options, form, progress, cancellationToken)));
            isStored = key is not null && store.TryWrite(key, costs);
            if (!isStored)
            {
                _terminal.WriteWarning($"the result could not be stored in {store.Folder ?? "any folder"}; {ProfileStore.FolderVariable} names another one.");
            }
        }

        return new CalibrationDocument
        {
            Costs = costs!,
            CheapRows = CheapRows.Of(costs!.Verify[0]),
            IsNew = isNew,
            StoredIn = isStored ? store.ProfilePath(key!) : null,
        };
    }

    private int Reset(ParseResult result, ModelPairOptions options, ProfileStore store, string? key)
    {
        if (result.GetValue(_json))
        {
            throw new UsageException("--reset writes no JSON document: leave one of the two out.");
        }

        if (key is null)
        {
            throw new IOException(
                $"What is stored of a pair is found by its files, but {options.TargetPath ?? EmbeddedPair.TargetPath} or {options.DraftPathInUse ?? "the draft"} cannot be read. Check the paths.");
        }

        _terminal.Output.WriteLine(store.Delete(key) ? $"Deleted what was measured and learned of this pair in {store.Folder}." : "Nothing was stored of this pair.");
        return ExitCode.Success;
    }
}
