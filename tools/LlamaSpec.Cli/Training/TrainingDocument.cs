using LlamaSpec.Policies.Ldlp;

namespace LlamaSpec.Cli.Training;

/// <summary>train-ldlp --json. Errors are in tokens.</summary>
internal sealed record TrainingDocument
{
    public required string Target { get; init; }

    public required string Draft { get; init; }

    public required string Output { get; init; }

    public required long OutputBytes { get; init; }

    public required float Temperature { get; init; }

    public required int Prompts { get; init; }

    public required int TrainingSamples { get; init; }

    public required int HeldOutSamples { get; init; }

    public required int Width { get; init; }

    public required int LongestLength { get; init; }

    /// <summary>Mean absolute error on held-out prompts, twice where the prediction is too short.</summary>
    public required float WeightedError { get; init; }

    /// <summary>The same of the best constant.</summary>
    public required float ConstantWeightedError { get; init; }

    public required float AbsoluteError { get; init; }

    public required float ConstantAbsoluteError { get; init; }

    public required float Correlation { get; init; }

    public static TrainingDocument From(LdlpWeights weights, string target, string draft, string output, long outputBytes, int prompts) => new()
    {
        Target = Path.GetFileName(target),
        Draft = Path.GetFileName(draft),
        Output = output,
        OutputBytes = outputBytes,
        Temperature = weights.Origin.Temperature,
        Prompts = prompts,
        TrainingSamples = weights.Figures.TrainingSamples,
        HeldOutSamples = weights.Figures.HeldOutSamples,
        Width = weights.Width,
        LongestLength = weights.LongestLength,
        WeightedError = weights.Figures.WeightedError,
        ConstantWeightedError = weights.Figures.ConstantWeightedError,
        AbsoluteError = weights.Figures.AbsoluteError,
        ConstantAbsoluteError = weights.Figures.ConstantAbsoluteError,
        Correlation = weights.Figures.Correlation,
    };
}
