using System.Runtime.InteropServices;

namespace LlamaSpec.Verification;

/// <summary>One request's tree in a <see cref="TreeBatch"/>. The layout is that of <c>lsk_tree_request</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct TreeRequest
{
    /// <summary>Index of its first node among the batch's nodes.</summary>
    public int FirstNode { get; init; }

    /// <summary>Nodes; 0 = only the anchor token's row is drawn from.</summary>
    public int NodeCount { get; init; }

    /// <summary>Its anchor token's row in the block of logits; node i has the row after it by i + 1.</summary>
    public int FirstRow { get; init; }

    /// <summary>1 at temperature 0, else 0.</summary>
    public int IsGreedy { get; init; }

    /// <summary>Factor on every logit before softmax, above 0.</summary>
    public float InverseTemperature { get; init; }

    /// <summary>As <see cref="Sampling.SamplingOptions.TopK"/>.</summary>
    public int TopK { get; init; }

    /// <summary>As <see cref="Sampling.SamplingOptions.TopP"/>.</summary>
    public float TopP { get; init; }

    /// <summary>As <see cref="Sampling.SamplingOptions.MinP"/>.</summary>
    public float MinP { get; init; }
}
