using System.Globalization;
using LlamaSpec.Cli.Terminals;
using LlamaSpec.Native.Advice;
using Spectre.Console;

namespace LlamaSpec.Cli.Checking;

/// <summary>What a person sees of the advice: sentences, and a small chart of the expected speed-up by length.</summary>
internal sealed class AdviceReport(Terminal terminal)
{
    private const int ChartWidth = 72;

    public void Write(DraftAdvice advice)
    {
        terminal.Output.WriteLine();
        terminal.Output.WriteLine("Advice for this machine:");
        foreach (var sentence in advice.Sentences)
        {
            terminal.Output.WriteLine($"- {ErrorReport.OneLine(sentence)}");
        }

        if (advice.Drafts.FirstOrDefault(static draft => draft.WhyUnusable is null) is { } best)
        {
            terminal.Output.Flush();
            foreach (var forecast in best.Forecasts)
            {
                terminal.OutputConsole.Write(Chart(forecast));
            }
        }

        terminal.Output.Flush();
    }

    private static BarChart Chart(TemperatureForecast forecast)
    {
        var chart = new BarChart { Width = ChartWidth, MaxValue = Math.Max(1, forecast.Best.SpeedUp) };
        chart.Label = Text($"expected speed-up by draft length, temperature {forecast.Temperature}");
        chart.LabelAlignment = Justify.Left;
        chart.ValueFormatter = static (value, _) => Text($"{value:0.00}");
        foreach (var length in forecast.Lengths)
        {
            var colour = length.Length == forecast.Best.Length ? Color.Green : Color.Grey;
            chart.AddItem(length.Length == 0 ? "plain" : Text($"{length.Length}"), length.SpeedUp, colour);
        }

        return chart;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
