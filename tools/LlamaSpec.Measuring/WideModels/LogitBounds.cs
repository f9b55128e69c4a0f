using LlamaSpec.Gguf;

namespace LlamaSpec.Measuring.WideModels;

/// <summary>How far the logits of a widened copy may be from the original's before it counts as another function.</summary>
/// <remarks>
/// Mean absolute differences measured on the text of <see cref="LogitCheck"/> and two others (a chat, a story), at width 1536, for the
/// embedded target (Q4_0) and SmolLM2-135M (Q4_1, its head Q8_0):
/// <list type="table">
/// <item><term>the original with and without flash attention</term><description>0.12 to 0.15, 0.18 to 0.24: the floor</description></item>
/// <item><term>Q4_0</term><description>0 to 0.12 (blocks copied; exactly 0 at four times the width), 2.0 to 3.2 (requantised)</description></item>
/// <item><term>Q8_0</term><description>0.12 (levels kept), 0.23 to 0.34 (requantised)</description></item>
/// <item><term>BF16</term><description>0.13 to 0.15, 0.17 to 0.22</description></item>
/// <item><term>F16</term><description>0.12 to 0.14, 0.17 to 0.22</description></item>
/// </list>
/// The floor is llama.cpp's own: it rounds activations to 8 bits, and one that falls the other way moves all that follows. In all rows but
/// those of the requantised Q4_0 it cost up to 8 % of the same argmax, and nothing outside near-ties (gaps up to 0.27).
/// </remarks>
internal static class LogitBounds
{
    /// <summary>Least <see cref="LogitDifference.ClearAgreement"/>. All copies had 1, but those of a requantised Q4_0: 0.71 to 0.87.</summary>
    public const double LeastClearAgreement = 0.95;

    /// <summary>Largest mean absolute difference of logits: about one and a half times the largest measured for the type.</summary>
    public static double LargestMean(TensorType type) => type == TensorType.Q8_0 ? 0.5 : 0.33;

    /// <summary>What is wrong with a difference, or null when nothing is.</summary>
    public static string? Problem(LogitDifference difference, TensorType type)
    {
        // Written so that NaN is a problem.
        if (!(difference.Mean <= LargestMean(type)))
        {
            return $"the logits differ by {difference.Mean:F3} on average, and {LargestMean(type):F3} is the most for {type}";
        }

        return difference.ClearAgreement >= LeastClearAgreement
            ? null
            : $"only {difference.ClearAgreement:P0} of {difference.RowCount} rows prefer the same token bar near-ties, "
                + $"and {LeastClearAgreement:P0} is the least";
    }
}
