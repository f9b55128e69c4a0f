namespace LlamaSpec.Policies.Ldlp;

/// <summary>The absolute error, times a penalty where the prediction is too short (arXiv 2412.18910, section 3.3).</summary>
internal static class LdlpLoss
{
    public static float Of(float prediction, float label, float shortPenalty) =>
        prediction < label ? shortPenalty * (label - prediction) : prediction - label;

    public static float Derivative(float prediction, float label, float shortPenalty) =>
        prediction < label ? -shortPenalty : prediction > label ? 1 : 0;

    /// <summary>The constant with the least loss: a quantile, since a penalty of r makes r / (r + 1) of the labels lie below it.</summary>
    public static float BestConstant(ReadOnlySpan<float> labels, float shortPenalty)
    {
        var sorted = labels.ToArray();
        Array.Sort(sorted);
        return sorted[(int)Math.Min(sorted.Length - 1, sorted.Length * (double)shortPenalty / (shortPenalty + 1))];
    }

    /// <summary>The mean loss of predictions.</summary>
    public static float Mean(ReadOnlySpan<float> predictions, ReadOnlySpan<float> labels, float shortPenalty)
    {
        var sum = 0.0;
        for (var i = 0; i < labels.Length; i++)
        {
            sum += Of(predictions[i], labels[i], shortPenalty);
        }

        return (float)(sum / labels.Length);
    }

    /// <summary>The mean loss of a constant.</summary>
    public static float Mean(float constant, ReadOnlySpan<float> labels, float shortPenalty)
    {
        var sum = 0.0;
        foreach (var label in labels)
        {
            sum += Of(constant, label, shortPenalty);
        }

        return (float)(sum / labels.Length);
    }
}
