namespace LlamaSpec.Policies.Ldlp;

/// <summary>Adam with decoupled weight decay (arXiv 1711.05101, algorithm 2).</summary>
internal sealed class AdamW(int parameterCount, float weightDecay)
{
    // The usual constants of arXiv 1412.6980.
    private const float FirstDecay = 0.9f;
    private const float SecondDecay = 0.999f;
    private const float Epsilon = 1e-8f;

    private readonly float[] _first = new float[parameterCount];
    private readonly float[] _second = new float[parameterCount];
    private int _step;

    /// <summary>Moves the parameters against the gradient, and clears the gradient.</summary>
    public void Step(Span<float> parameters, Span<float> gradient, float learningRate)
    {
        _step++;
        var rate = learningRate / (1 - MathF.Pow(FirstDecay, _step));
        var secondScale = 1 / (1 - MathF.Pow(SecondDecay, _step));
        var kept = 1 - (learningRate * weightDecay);
        for (var i = 0; i < parameters.Length; i++)
        {
            var slope = gradient[i];
            var first = _first[i] + ((1 - FirstDecay) * (slope - _first[i]));
            var second = _second[i] + ((1 - SecondDecay) * ((slope * slope) - _second[i]));
            _first[i] = first;
            _second[i] = second;
            parameters[i] = (parameters[i] * kept) - (rate * first / (MathF.Sqrt(second * secondScale) + Epsilon));
        }

        gradient.Clear();
    }
}
