using LlamaSpec.Verification;

namespace LlamaSpec.Sampling;

/// <summary>
/// The arithmetic over whole vocabulary rows: the fifth seam. <see cref="ManagedKernels"/> is the specification,
/// native implementations must agree with it. Logits may be -infinity (masked). Safe from any thread.
/// </summary>
public interface IKernels
{
    /// <summary>Statistics of one row and its largest entries, in one sweep.</summary>
    /// <param name="logits">The row.</param>
    /// <param name="inverseTemperature">Factor on every logit before softmax, > 0.</param>
    /// <param name="topColumns">Receives the columns of the largest logits, largest first, ties by lower column. May be empty; at most the row's length.</param>
    /// <param name="topLogits">Receives their logits, unscaled; same length.</param>
    /// <param name="statistics">Receives the statistics.</param>
    /// <returns>False when the row holds a NaN or +infinity, or nothing above -infinity; the outputs are then undefined.</returns>
    bool TryRowStatistics(ReadOnlySpan<float> logits, float inverseTemperature, Span<int> topColumns, Span<float> topLogits, out RowStatistics statistics);

    /// <summary>Column of the largest logit, the lowest one where several tie, or -1 for a row that <see cref="TryRowStatistics"/> would refuse.</summary>
    int ArgMax(ReadOnlySpan<float> logits);

    /// <summary>Writes exp(inverseTemperature * logit - logSumExp) for each column.</summary>
    /// <param name="logits">A row that <see cref="TryRowStatistics"/> accepts.</param>
    /// <param name="inverseTemperature">Factor on every logit, > 0.</param>
    /// <param name="logSumExp">The row's <see cref="RowStatistics.LogSumExp"/> at the same inverse temperature.</param>
    /// <param name="probabilities">Receives the probabilities; same length, may be the logits themselves.</param>
    void Softmax(ReadOnlySpan<float> logits, float inverseTemperature, double logSumExp, Span<float> probabilities);

    /// <summary>
    /// Writes max(targetScale * target - draft, 0) for each column and returns the sum, both accumulated in float64.
    /// The residual distribution is the output divided by that sum (arXiv 2211.17192, section 2.3).
    /// </summary>
    double Residual(ReadOnlySpan<float> target, double targetScale, ReadOnlySpan<float> draft, Span<float> residual);

    /// <summary>
    /// Draws a column with probability proportional to its weight: the first one at which the running sum
    /// exceeds <paramref name="uniform"/> times the total. Never returns a column of weight 0; -1 when all are 0 or one is NaN, infinite or negative.
    /// </summary>
    /// <param name="weights">Non-negative weights; they need not sum to 1.</param>
    /// <param name="uniform">A number in [0, 1).</param>
    int Sample(ReadOnlySpan<float> weights, double uniform);

    /// <summary>
    /// Verifies the trees of several requests at once, as <see cref="TreeVerifier"/> does: at temperature 0 the path that the
    /// largest logits take; above it from the distributions that <see cref="Sampler"/> makes of the rows, by the chances in the batch.
    /// </summary>
    /// <param name="logits">Rows of logits, one after the other: of each request the anchor token's and one for each node.</param>
    /// <param name="columnCount">Tokens of the target: length of a row.</param>
    /// <param name="batch">The trees; receives the verdicts. Proposals of visited nodes are used up.</param>
    void VerifyTrees(ReadOnlySpan<float> logits, int columnCount, TreeBatch batch);
}
