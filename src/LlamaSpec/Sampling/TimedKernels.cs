using LlamaSpec.Diagnostics;
using LlamaSpec.Verification;

namespace LlamaSpec.Sampling;

/// <summary>Kernels whose time is counted as native time, so that the managed overhead of a round can be told apart.</summary>
public sealed class TimedKernels(IKernels inner, NativeClock clock) : IKernels
{
    /// <inheritdoc />
    public bool TryRowStatistics(ReadOnlySpan<float> logits, float inverseTemperature, Span<int> topColumns, Span<float> topLogits, out RowStatistics statistics)
    {
        var start = clock.Start();
        var valid = inner.TryRowStatistics(logits, inverseTemperature, topColumns, topLogits, out statistics);
        clock.Stop(start);
        return valid;
    }

    /// <inheritdoc />
    public int ArgMax(ReadOnlySpan<float> logits)
    {
        var start = clock.Start();
        var column = inner.ArgMax(logits);
        clock.Stop(start);
        return column;
    }

    /// <inheritdoc />
    public void Softmax(ReadOnlySpan<float> logits, float inverseTemperature, double logSumExp, Span<float> probabilities)
    {
        var start = clock.Start();
        inner.Softmax(logits, inverseTemperature, logSumExp, probabilities);
        clock.Stop(start);
    }

    /// <inheritdoc />
    public double Residual(ReadOnlySpan<float> target, double targetScale, ReadOnlySpan<float> draft, Span<float> residual)
    {
        var start = clock.Start();
        var mass = inner.Residual(target, targetScale, draft, residual);
        clock.Stop(start);
        return mass;
    }

    /// <inheritdoc />
    public int Sample(ReadOnlySpan<float> weights, double uniform)
    {
        var start = clock.Start();
        var column = inner.Sample(weights, uniform);
        clock.Stop(start);
        return column;
    }

    /// <inheritdoc />
    public void VerifyTrees(ReadOnlySpan<float> logits, int columnCount, TreeBatch batch)
    {
        var start = clock.Start();
        inner.VerifyTrees(logits, columnCount, batch);
        clock.Stop(start);
    }
}
