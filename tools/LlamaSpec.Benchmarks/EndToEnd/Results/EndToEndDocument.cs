using LlamaSpec.Benchmarks.EndToEnd.Measuring;
using LlamaSpec.Benchmarks.EndToEnd.Systems;

namespace LlamaSpec.Benchmarks.EndToEnd.Results;

/// <summary>A run with all its figures; what the JSON file holds and the Markdown shows.</summary>
internal sealed record EndToEndDocument
{
    public required RunDescription Run { get; init; }

    /// <summary>Why the run ended early; null when it did not.</summary>
    public required string? Interruption { get; init; }

    public required IReadOnlyList<TemperatureResult> Results { get; init; }

    public required IReadOnlyList<SkippedPrompt> Skipped { get; init; }

    /// <summary>In the order of the answers of each sample.</summary>
    public required IReadOnlyList<SystemLabel> Systems { get; init; }

    public required IReadOnlyList<Sample> Samples { get; init; }

    public static EndToEndDocument Create(RunDescription run, Measurements measurements) => new()
    {
        Run = run,
        Interruption = measurements.Interruption,
        Results = FigureCalculator.Compute(measurements),
        Skipped = measurements.Skipped,
        Systems = measurements.Systems,
        Samples = measurements.Samples,
    };
}
