using System.Runtime.InteropServices;

namespace LlamaSpec.Sampling;

/// <summary>
/// What one sweep over a logits row gives, at an inverse temperature b. Entropy is in nats.
/// The layout is that of <c>lsk_row_statistics</c>.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct RowStatistics
{
    /// <summary>Largest logit, unscaled.</summary>
    public float Maximum { get; init; }

    /// <summary>Its column; the lowest one where several tie.</summary>
    public int ArgMax { get; init; }

    /// <summary>ln sum exp(b * logit). Double, because float32 would cost 1e-5 of every probability at b = 10.</summary>
    public double LogSumExp { get; init; }

    /// <summary>Entropy of softmax(b * logits), in nats.</summary>
    public float Entropy { get; init; }
}
