using System.Numerics.Tensors;

namespace LlamaSpec.Policies.Ldlp;

/// <summary>
/// The network of <see cref="LdlpNetwork"/> over a batch, forwards and backwards. A row of weights is used for all samples
/// while it is in the cache. Owns its scratch memory; sums run in a fixed order, so that the same input gives the same bits.
/// </summary>
internal sealed class LdlpGradient(LdlpShape shape, int capacity)
{
    private readonly int _width = shape.Width;
    private readonly float[] _inputs = new float[capacity * shape.InputSize];
    private readonly float[] _sums = new float[3 * capacity * shape.Width];
    private readonly float[] _values = new float[3 * capacity * shape.Width];
    private readonly float[] _valueGradients = new float[capacity * shape.Width];
    private readonly float[] _sumGradients = new float[capacity * shape.Width];
    private readonly float[] _outputs = new float[capacity];

    /// <summary>The input of a sample, to be written before <see cref="Forward"/>.</summary>
    public Span<float> Input(int sample) => _inputs.AsSpan(sample * shape.InputSize, shape.InputSize);

    /// <summary>The lengths, not clamped.</summary>
    public ReadOnlySpan<float> Forward(ReadOnlySpan<float> parameters, int count)
    {
        for (var layer = 0; layer < 3; layer++)
        {
            var biases = parameters.Slice(shape.Bias(layer), _width);
            for (var output = 0; output < _width; output++)
            {
                var row = shape.Row(parameters, layer, output);
                for (var sample = 0; sample < count; sample++)
                {
                    var place = At(layer, sample) + output;
                    var sum = TensorPrimitives.Dot(row, LayerInput(layer, sample)) + biases[output];
                    _sums[place] = sum;
                    _values[place] = Silu.Of(sum) + (layer == 0 ? 0 : _values[At(layer - 1, sample) + output]);
                }
            }
        }

        for (var sample = 0; sample < count; sample++)
        {
            _outputs[sample] = TensorPrimitives.Dot(Values(2, sample), parameters.Slice(shape.Output, _width)) + parameters[^1];
        }

        return _outputs.AsSpan(0, count);
    }

    /// <summary>Adds to the gradient of every parameter, after <see cref="Forward"/> of the same parameters.</summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="outputGradients">What the loss gains per unit of each output.</param>
    /// <param name="gradient">Added to.</param>
    public void Backward(ReadOnlySpan<float> parameters, ReadOnlySpan<float> outputGradients, Span<float> gradient)
    {
        var count = outputGradients.Length;
        var output = gradient.Slice(shape.Output, _width);
        for (var sample = 0; sample < count; sample++)
        {
            TensorPrimitives.MultiplyAdd(Values(2, sample), outputGradients[sample], output, output);
            gradient[^1] += outputGradients[sample];
            TensorPrimitives.Multiply(parameters.Slice(shape.Output, _width), outputGradients[sample], ValueGradient(sample));
        }

        for (var layer = 2; layer >= 0; layer--)
        {
            BackwardLayer(parameters, layer, count, gradient);
        }
    }

    // On the way in, the value gradients are those of the layer's outputs; on the way out, of its inputs.
    private void BackwardLayer(ReadOnlySpan<float> parameters, int layer, int count, Span<float> gradient)
    {
        for (var i = 0; i < count * _width; i++)
        {
            _sumGradients[i] = _valueGradients[i] * Silu.Derivative(_sums[At(layer, 0) + i]);
        }

        for (var output = 0; output < _width; output++)
        {
            var row = shape.Row(parameters, layer, output);
            var rowGradient = shape.Row(gradient, layer, output);
            for (var sample = 0; sample < count; sample++)
            {
                var sumGradient = _sumGradients[(sample * _width) + output];
                gradient[shape.Bias(layer) + output] += sumGradient;
                TensorPrimitives.MultiplyAdd(LayerInput(layer, sample), sumGradient, rowGradient, rowGradient);
                if (layer > 0)
                {
                    // The residual connection has put the rest there already.
                    TensorPrimitives.MultiplyAdd(row, sumGradient, ValueGradient(sample), ValueGradient(sample));
                }
            }
        }
    }

    private int At(int layer, int sample) => ((layer * capacity) + sample) * _width;

    private Span<float> Values(int layer, int sample) => _values.AsSpan(At(layer, sample), _width);

    private Span<float> ValueGradient(int sample) => _valueGradients.AsSpan(sample * _width, _width);

    private Span<float> LayerInput(int layer, int sample) => layer == 0 ? Input(sample) : Values(layer - 1, sample);
}
