using System.Numerics.Tensors;
using LlamaSpec.Drafting;
using LlamaSpec.Sampling;

namespace LlamaSpec.Policies;

/// <summary>
/// Trees of a shape, after EAGLE-2 (arXiv 2406.16858): the draft's own probabilities are the step probabilities, and the most
/// valuable nodes get the rows. Blind to costs: a baseline for the price by which <see cref="PolicyChoice.Auto"/> grows.
/// </summary>
/// <param name="width">Most children of a node, and most nodes that a pass goes on from: 2 to 8. Default 3.</param>
/// <param name="depth">Most tokens on a path. Default 4.</param>
/// <param name="nodeCount">Most tokens in all. Default 12.</param>
public sealed class TreePolicy(int width = TreePolicy.DefaultWidth, int depth = TreePolicy.DefaultDepth, int nodeCount = TreePolicy.DefaultWidth * TreePolicy.DefaultDepth)
    : IDraftLengthPolicy
{
    /// <summary>The largest width.</summary>
    public const int Widest = TreeGrower.Widest;

    /// <summary>Width, unless another is given.</summary>
    public const int DefaultWidth = 3;

    /// <summary>Depth, unless another is given: width where the draft is unsure is worth more than the fifth token.</summary>
    public const int DefaultDepth = 4;

    /// <inheritdoc />
    public int TreeWidth => width;

    /// <summary>Tokens of a shape, unless another number is given: each layer as wide as the first, as far as a tree can be.</summary>
    public static int DefaultNodeCount(int width, int depth) => Math.Min(width * depth, 64);

    /// <inheritdoc />
    public bool BeforePass(in DraftProgress progress) => progress.DraftedCount < depth && progress.NodeCount < nodeCount;

    /// <inheritdoc />
    public bool BeforeSampling(in DraftProgress progress, in RowStatistics distribution) => true;

    /// <inheritdoc />
    public int NodesWorth(in DraftProgress progress, ReadOnlySpan<double> survival, out double value)
    {
        // Layers that are still to come keep their share.
        var left = nodeCount - progress.NodeCount;
        var layers = Math.Max(1, Math.Min(depth, progress.MaximumLength) - progress.DraftedCount);
        var count = Math.Min((left + layers - 1) / layers, survival.Length);
        value = TensorPrimitives.Sum(survival[..count]);
        return count;
    }

    /// <inheritdoc />
    public bool BeforeBranch(in DraftProgress progress, double value) =>
        progress.NodeCount + Math.Min(depth, progress.MaximumLength) - progress.DraftedCount < nodeCount;

    /// <inheritdoc />
    public void Observe(in RoundOutcome outcome)
    {
    }
}
