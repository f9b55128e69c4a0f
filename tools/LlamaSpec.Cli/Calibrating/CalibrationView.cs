using LlamaSpec.Calibration;
using LlamaSpec.Cli.Terminals;
using LlamaSpec.Policies.Costs;
using Spectre.Console;

namespace LlamaSpec.Cli.Calibrating;

/// <summary>Shows on stderr how far a calibration is: a bar where a person watches, else a line for each part.</summary>
internal static class CalibrationView
{
    public static Task<CostProfile> RunAsync(Terminal terminal, Func<IProgress<CalibrationProgress>, Task<CostProfile>> measure) =>
        terminal.ErrorConsole.Profile.Capabilities.Interactive
            ? terminal.ErrorConsole.Progress()
                .AutoClear(true)
                .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn())
                .StartAsync(context => measure(new Bar(context.AddTask("loading"))))
            : measure(new Lines(terminal));

    private sealed class Bar(ProgressTask task) : IProgress<CalibrationProgress>
    {
        public void Report(CalibrationProgress value)
        {
            task.Description = $"measuring: {Markup.Escape(value.What)}";
            task.MaxValue = value.Total;
            task.Value = value.Done;
        }
    }

    private sealed class Lines(Terminal terminal) : IProgress<CalibrationProgress>
    {
        private string? _shown;

        public void Report(CalibrationProgress value)
        {
            if (value.What != _shown)
            {
                _shown = value.What;
                terminal.WriteNote($"measuring: {value.What}");
            }
        }
    }
}
