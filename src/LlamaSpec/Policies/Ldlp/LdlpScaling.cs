namespace LlamaSpec.Policies.Ldlp;

/// <summary>
/// Brings every input to mean 0 and deviation 1 while training. A few inputs of a hidden row are far larger than all others and
/// would drown them. Afterwards it becomes part of the first layer, so that a prediction pays nothing for it.
/// </summary>
internal sealed class LdlpScaling
{
    // An input that hardly varies about a large mean must not get a weight that 16 bits cannot balance against the bias.
    private const double MeanShare = 0.1;
    private const double SmallestVariance = 1e-6;

    private readonly float[] _means;
    private readonly float[] _scales;

    public LdlpScaling(LdlpSampleSet samples, ReadOnlySpan<int> chosen)
    {
        var size = 2 * samples.HiddenSize;
        var input = new float[size];
        var sums = new double[size];
        var squares = new double[size];
        foreach (var sample in chosen)
        {
            samples.ReadInput(sample, input);
            for (var i = 0; i < size; i++)
            {
                sums[i] += input[i];
                squares[i] += (double)input[i] * input[i];
            }
        }

        _means = new float[size];
        _scales = new float[size];
        for (var i = 0; i < size; i++)
        {
            var mean = sums[i] / chosen.Length;
            var variance = Math.Max(0, (squares[i] / chosen.Length) - (mean * mean));
            _means[i] = (float)mean;
            _scales[i] = (float)(1 / Math.Sqrt(variance + Math.Pow(MeanShare * mean, 2) + SmallestVariance));
        }
    }

    /// <summary>Scales an input in place.</summary>
    public void Apply(Span<float> input)
    {
        for (var i = 0; i < input.Length; i++)
        {
            input[i] = (input[i] - _means[i]) * _scales[i];
        }
    }

    /// <summary>Parameters that do to a plain input what <paramref name="parameters"/> do to a scaled one.</summary>
    public float[] Fold(LdlpShape shape, float[] parameters)
    {
        var folded = (float[])parameters.Clone();
        for (var output = 0; output < shape.Width; output++)
        {
            var row = shape.Row(folded.AsSpan(), 0, output);
            var shift = 0.0;
            for (var i = 0; i < row.Length; i++)
            {
                row[i] *= _scales[i];
                shift += (double)row[i] * _means[i];
            }

            folded[shape.Bias(0) + output] -= (float)shift;
        }

        return folded;
    }
}
