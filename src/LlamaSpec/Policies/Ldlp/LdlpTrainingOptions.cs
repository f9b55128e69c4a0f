namespace LlamaSpec.Policies.Ldlp;

/// <summary>How a predictor is trained. Where the paper (arXiv 2412.18910) says nothing, or has other data, that is said.</summary>
public sealed record LdlpTrainingOptions
{
    /// <summary>Width of the layers; 0 (default) = the hidden size, at most 512. Range 0 to <see cref="LdlpWeights.WidestLayer"/>.</summary>
    public int Width { get; init; }

    /// <summary>Passes over the samples, at most. Default 10, range 1 to 1000; the paper's 5 are for 68,000 dialogues.</summary>
    public int Epochs { get; init; } = 10;

    /// <summary>Passes without progress on the held-out prompts after which the training ends. Default 4, range 1 to 1000.</summary>
    public int Patience { get; init; } = 4;

    /// <summary>Samples of a step. Default 64, range 1 to 4096.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>First step size of AdamW; a cosine takes it to 0. Default 1e-4: some ten thousand samples allow few of the paper's steps of 5e-5.</summary>
    public float LearningRate { get; init; } = 1e-4f;

    /// <summary>Decoupled weight decay (arXiv 1711.05101). Default 0.1, range 0 to 1: samples are few for so many weights.</summary>
    public float WeightDecay { get; init; } = 0.1f;

    /// <summary>
    /// Share of the inputs that is left out of each sample, another one each time (arXiv 1207.0580). Default 0.5, range 0 to 0.9;
    /// without it some thousand samples are learned by heart.
    /// </summary>
    public double Dropout { get; init; } = 0.5;

    /// <summary>Factor on the error of a prediction that is too short. Default 2; the paper says more than 1. Range 1 to 100.</summary>
    public float ShortPenalty { get; init; } = 2;

    /// <summary>Share of the prompts that is held out. Default 0.2, range 0.05 to 0.5.</summary>
    public double HeldOutShare { get; init; } = 0.2;

    /// <summary>Seed of the first weights, the order of the samples, and the prompts held out.</summary>
    public ulong Seed { get; init; }

    /// <summary>Throws when a value is out of range.</summary>
    /// <exception cref="ArgumentException">The message names the value and the range.</exception>
    public void Validate()
    {
        Check.Range(Width, 0, LdlpWeights.WidestLayer, nameof(Width));
        Check.Range(Epochs, 1, 1000, nameof(Epochs));
        Check.Range(Patience, 1, 1000, nameof(Patience));
        Check.Range(BatchSize, 1, 4096, nameof(BatchSize));
        Check.Range(LearningRate, 1e-8f, 1, nameof(LearningRate));
        Check.Range(WeightDecay, 0, 1, nameof(WeightDecay));
        Check.Range(Dropout, 0, 0.9, nameof(Dropout));
        Check.Range(ShortPenalty, 1, 100, nameof(ShortPenalty));
        Check.Range(HeldOutShare, 0.05, 0.5, nameof(HeldOutShare));
    }

    internal int WidthFor(int hiddenSize) => Width > 0 ? Width : Math.Min(hiddenSize, 512);
}
