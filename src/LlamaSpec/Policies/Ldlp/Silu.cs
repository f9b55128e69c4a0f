namespace LlamaSpec.Policies.Ldlp;

/// <summary>x * sigmoid(x) (arXiv 1702.03118).</summary>
internal static class Silu
{
    public static float Of(float x) => x / (1 + MathF.Exp(-x));

    public static float Derivative(float x)
    {
        var sigmoid = 1 / (1 + MathF.Exp(-x));
        return sigmoid * (1 + (x * (1 - sigmoid)));
    }
}
