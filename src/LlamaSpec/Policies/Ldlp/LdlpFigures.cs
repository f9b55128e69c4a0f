namespace LlamaSpec.Policies.Ldlp;

/// <summary>How well a predictor does on prompts that it was not trained on.</summary>
public sealed record LdlpFigures
{
    /// <summary>Positions that it was trained on.</summary>
    public required int TrainingSamples { get; init; }

    /// <summary>Positions of other prompts, for the figures here.</summary>
    public required int HeldOutSamples { get; init; }

    /// <summary>Mean absolute error in tokens, twice for a prediction that is too short: what the training minimises.</summary>
    public required float WeightedError { get; init; }

    /// <summary>Mean absolute error, in tokens.</summary>
    public required float AbsoluteError { get; init; }

    /// <summary>The weighted error of the constant that is best for these very samples.</summary>
    public required float ConstantWeightedError { get; init; }

    /// <summary>The absolute error of the constant that is best for these very samples: their median.</summary>
    public required float ConstantAbsoluteError { get; init; }

    /// <summary>Pearson's correlation of predicted and accepted lengths, -1 to 1; 0 where either does not vary.</summary>
    public required float Correlation { get; init; }
}
