namespace LlamaSpec.Models;

/// <summary>What a model file says of itself.</summary>
public sealed record ModelInfo
{
    /// <summary>A short human-readable name, for example "llama 135M Q4_0".</summary>
    public required string Description { get; init; }

    /// <summary>Logits columns: the number of tokens that the model can produce.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>Longest context the model was trained on, in tokens. 0 = the file does not say.</summary>
    public int TrainedContextLength { get; init; }

    /// <summary>Transformer layers. Draft latency follows this number (arXiv 2402.01528, section 4).</summary>
    public int LayerCount { get; init; }

    /// <summary>Width of a hidden row.</summary>
    public int HiddenSize { get; init; }

    /// <summary>Parameters.</summary>
    public long ParameterCount { get; init; }

    /// <summary>Bytes of weights.</summary>
    public long SizeBytes { get; init; }
}
