using LlamaSpec.Measuring.Runs;
using LlamaSpec.Measuring.Systems;

namespace LlamaSpec.Measuring.Results;

/// <summary>A run with all its figures; what the JSON holds and the reports show.</summary>
internal sealed record BenchDocument
{
    public required IReadOnlyList<BenchRow> Rows { get; init; }

    public required RunDescription Run { get; init; }

    /// <summary>Why the run ended early; null when it did not.</summary>
    public required string? Interruption { get; init; }

    public required IReadOnlyList<TemperatureResult> Results { get; init; }

    public required IReadOnlyList<SkippedPrompt> Skipped { get; init; }

    /// <summary>In the order of the answers of each sample.</summary>
    public required IReadOnlyList<SystemLabel> Systems { get; init; }

    public required IReadOnlyList<Sample> Samples { get; init; }

    public static BenchDocument Create(RunDescription run, Measurements measurements)
    {
        var results = FigureCalculator.Compute(measurements);
        return new BenchDocument
        {
            Rows = BenchRow.From(run.TargetLabel, results),
            Run = run,
            Interruption = measurements.Interruption,
            Results = results,
            Skipped = measurements.Skipped,
            Systems = measurements.Systems,
            Samples = measurements.Samples,
        };
    }
}
