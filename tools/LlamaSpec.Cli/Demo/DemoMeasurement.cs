using LlamaSpec.Cli.Terminals;

namespace LlamaSpec.Cli.Demo;

/// <summary>Measures all temperatures and policies of a demo, with progress on a terminal.</summary>
internal static class DemoMeasurement
{
    public static async Task<(List<DemoResult> Results, List<string> Conclusions)> RunAsync(
        Terminal terminal, DemoRunner runner, DemoOptions options, CancellationToken cancellationToken)
    {
        using var status = new StatusLine(terminal);
        var total = options.Temperatures.Count * options.Prompts.Count * (options.Policies.Count + 1);
        var count = 0;
        List<DemoResult> results = [];
        List<string> conclusions = [];
        foreach (var temperature in options.Temperatures)
        {
            var samples = await runner.MeasureAsync(
                temperature, () => status.Show($"measuring: answer {++count} of {total}"), cancellationToken);
            for (var i = 0; i < samples.Count; i++)
            {
                var result = runner.Summarize(temperature, options.Policies[i], samples[i]);
                results.Add(result);
                conclusions.Add(DemoConclusions.Speed(result, samples[i]));
                conclusions.AddRange(DemoConclusions.Divergences(result));
            }
        }

        return (results, conclusions);
    }
}
