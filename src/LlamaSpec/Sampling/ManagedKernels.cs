using System.Diagnostics;
using System.Numerics.Tensors;
using LlamaSpec.Verification;

namespace LlamaSpec.Sampling;

/// <summary>The row arithmetic in managed code: the specification of <see cref="IKernels"/>, and what runs without native libraries.</summary>
public sealed class ManagedKernels : IKernels
{
    // 512: a block's exponents and exponentials lie on the stack, in the first-level cache.
    private const int BlockLength = 512;

    // e^-200 is 0 in float32, and 0 times it is not NaN as 0 times infinity is: masked columns add nothing to either sum.
    private const float LowestExponent = -200;

    /// <inheritdoc />
    public bool TryRowStatistics(ReadOnlySpan<float> logits, float inverseTemperature, Span<int> topColumns, Span<float> topLogits, out RowStatistics statistics)
    {
        CheckInverseTemperature(inverseTemperature);
        CheckLength(topLogits.Length, topColumns.Length, nameof(topLogits));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(topColumns.Length, logits.Length, nameof(topColumns));
        statistics = default;
        var argMax = ArgMax(logits);
        if (argMax < 0)
        {
            return false;
        }

        var maximum = logits[argMax];
        var (others, weighted) = SumExponentials(logits, inverseTemperature, argMax);
        var logSum = LogOnePlus(others);
        SelectTop(logits, topColumns, topLogits);
        statistics = new RowStatistics
        {
            Maximum = maximum,
            ArgMax = argMax,
            LogSumExp = (double)inverseTemperature * maximum + logSum,
            Entropy = (float)(logSum - weighted / (1 + others)),
        };
        return true;
    }

    /// <inheritdoc />
    public int ArgMax(ReadOnlySpan<float> logits)
    {
        var column = TensorPrimitives.IndexOfMax(logits);
        if (column < 0 || !float.IsFinite(logits[column]))
        {
            return -1;
        }

        // IndexOfMax ranks +0 above -0; as logits they tie.
        return logits[column] == 0 ? logits.IndexOf(0f) : column;
    }

    /// <inheritdoc />
    public void Softmax(ReadOnlySpan<float> logits, float inverseTemperature, double logSumExp, Span<float> probabilities)
    {
        CheckInverseTemperature(inverseTemperature);
        CheckLength(probabilities.Length, logits.Length, nameof(probabilities));
        if (!double.IsFinite(logSumExp))
        {
            throw new ArgumentOutOfRangeException(nameof(logSumExp), logSumExp, "Must be finite.");
        }

        // logit - reference is small where probability is, so nothing is lost to float32; the offset is what it leaves.
        var reference = (float)Math.Clamp(logSumExp / inverseTemperature, float.MinValue, float.MaxValue);
        var offset = (float)((double)inverseTemperature * reference - logSumExp);
        TensorPrimitives.Subtract(logits, reference, probabilities);
        TensorPrimitives.Multiply(probabilities, inverseTemperature, probabilities);
        TensorPrimitives.Add(probabilities, offset, probabilities);
        TensorPrimitives.Exp(probabilities, probabilities);
    }

    /// <inheritdoc />
    public double Residual(ReadOnlySpan<float> target, double targetScale, ReadOnlySpan<float> draft, Span<float> residual)
    {
        CheckLength(draft.Length, target.Length, nameof(draft));
        CheckLength(residual.Length, target.Length, nameof(residual));
        if (!double.IsFinite(targetScale) || targetScale < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(targetScale), targetScale, "Must be finite and not negative.");
        }

        var mass = 0.0;
        for (var column = 0; column < residual.Length; column++)
        {
            var difference = targetScale * target[column] - draft[column];
            var positive = double.MaxNumber(difference, 0); // 0 for a NaN too
            residual[column] = (float)positive;
            mass += positive;
        }

        return mass;
    }

    /// <inheritdoc />
    public int Sample(ReadOnlySpan<float> weights, double uniform)
    {
        if (!(uniform is >= 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(uniform), uniform, "Must be in [0, 1).");
        }

        var total = 0.0;
        foreach (var weight in weights)
        {
            total += weight >= 0 ? weight : double.NaN;
        }

        if (!double.IsFinite(total))
        {
            return -1;
        }

        var wanted = uniform * total;
        var running = 0.0;
        var last = -1; // and the answer, where rounding keeps the running sum from exceeding
        for (var column = 0; column < weights.Length && running <= wanted; column++)
        {
            running += weights[column];
            last = weights[column] > 0 ? column : last;
        }

        return last;
    }

    /// <inheritdoc />
    public void VerifyTrees(ReadOnlySpan<float> logits, int columnCount, TreeBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        batch.VerifyManaged(this, logits, columnCount);
    }

    /// <summary>
    /// The sum of e^z and of z e^z, z = b * (logit - maximum), over all columns but the arg max. That one's own 1
    /// is for the caller to add in float64: here it would swallow a small remainder.
    /// </summary>
    private static (double Others, double Weighted) SumExponentials(ReadOnlySpan<float> logits, float inverseTemperature, int argMax)
    {
        Span<float> exponentMemory = stackalloc float[BlockLength];
        Span<float> exponentialMemory = stackalloc float[BlockLength];
        var others = 0.0;
        var weighted = 0.0;
        for (var start = 0; start < logits.Length; start += BlockLength)
        {
            var block = logits.Slice(start, Math.Min(BlockLength, logits.Length - start));
            var exponents = exponentMemory[..block.Length];
            var exponentials = exponentialMemory[..block.Length];
            TensorPrimitives.Subtract(block, logits[argMax], exponents);
            TensorPrimitives.Multiply(exponents, inverseTemperature, exponents);
            TensorPrimitives.Max(exponents, LowestExponent, exponents);
            if ((uint)(argMax - start) < (uint)block.Length)
            {
                exponents[argMax - start] = LowestExponent;
            }

            TensorPrimitives.Exp(exponents, exponentials);
            others += TensorPrimitives.Sum(exponentials);
            weighted += TensorPrimitives.Dot(exponents, exponentials);
        }

        Debug.Assert(weighted <= 0, "Exponents are never positive.");
        return (others, weighted);
    }

    private static void SelectTop(ReadOnlySpan<float> logits, Span<int> topColumns, Span<float> topLogits)
    {
        if (topColumns.IsEmpty)
        {
            return;
        }

        var top = new TopEntries(topColumns, topLogits);
        for (var start = 0; start < logits.Length; start += BlockLength)
        {
            var block = logits.Slice(start, Math.Min(BlockLength, logits.Length - start));
            if (TensorPrimitives.Max(block) <= top.Threshold)
            {
                continue;
            }

            for (var i = 0; i < block.Length; i++)
            {
                top.Offer(start + i, block[i]);
            }
        }

        top.Finish(logits);
    }

    /// <summary>ln(1 + x) that keeps a small x (Higham, Accuracy and Stability of Numerical Algorithms, section 1.14.1).</summary>
    private static double LogOnePlus(double x)
    {
        var sum = 1 + x;
        return sum == 1 ? x : Math.Log(sum) * x / (sum - 1);
    }

    private static void CheckInverseTemperature(float inverseTemperature)
    {
        if (!float.IsFinite(inverseTemperature) || inverseTemperature <= 0)
        {
            throw new ArgumentOutOfRangeException(nameof(inverseTemperature), inverseTemperature, "Must be finite and above 0.");
        }
    }

    private static void CheckLength(int length, int wanted, string name)
    {
        if (length != wanted)
        {
            throw new ArgumentException($"Has {length} columns, must have {wanted}.", name);
        }
    }
}
