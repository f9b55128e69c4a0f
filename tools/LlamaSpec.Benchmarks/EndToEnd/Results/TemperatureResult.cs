namespace LlamaSpec.Benchmarks.EndToEnd.Results;

/// <summary>All systems at one temperature.</summary>
internal sealed record TemperatureResult
{
    public required float Temperature { get; init; }

    public required int PromptCount { get; init; }

    public required int SampleCount { get; init; }

    public required IReadOnlyList<SystemFigures> Systems { get; init; }

    public required IReadOnlyList<string> Conclusions { get; init; }
}
