using LlamaSpec.Cli.Terminals;
using LlamaSpec.Engine;
using LlamaSpec.Native;

namespace LlamaSpec.Cli.Commands;

/// <summary>Loads a pair with progress on a terminal, and warns about what will not work as the user may expect.</summary>
internal static class EngineLoader
{
    public static async Task<SpeculativeEngine> LoadAsync(Terminal terminal, ModelPairOptions options, CancellationToken cancellationToken)
    {
        SpeculativeEngine engine;
        using (var status = new StatusLine(terminal))
        {
            var progress = terminal.IsErrorTerminal ? new ProgressLine(status) : null;
            engine = await LoadAdvice.AddAsync(options, () => ModelPair.LoadAsync(options, progress, cancellationToken));
        }

        var wantsDraft = options is { UseDraft: true, DraftPath: not null };
        if (wantsDraft && engine.DisabledReason is { } reason)
        {
            terminal.WriteWarning($"the draft model does not draft: {ErrorReport.OneLine(reason)}");
        }

        if (GpuPlacement.WhyOnProcessor(options) is { } missing)
        {
            terminal.WriteWarning($"no GPU, everything on the processor instead: {missing}");
        }

        if (engine.Target.TrainedContextLength is > 0 and var trained && options.Engine.ContextLength > trained)
        {
            terminal.WriteWarning(
                $"the context of {options.Engine.ContextLength} tokens is longer than the {trained} that the model was trained on; "
                + "long texts may turn into nonsense.");
        }

        return engine;
    }

    private sealed class ProgressLine(StatusLine status) : IProgress<LoadProgress>
    {
        public void Report(LoadProgress value) => status.Show(value.Phase switch
        {
            LoadPhase.Calibration => $"measuring, once, what decodes cost on this machine: {value.Fraction:P0}",
            _ => $"loading the {value.Model}: {value.Fraction:P0}",
        });
    }
}
