using System.Numerics.Tensors;

namespace LlamaSpec.Policies.Ldlp;

/// <summary>
/// The draft-length predictor (LDLP) of AdaEAGLE, arXiv 2412.18910, section 3: how many drafted tokens the target will accept, told
/// before anything is drafted. Three layers, the second and third with a residual connection, and a linear output:
/// <c>a1 = silu(W1 x + b1); a2 = a1 + silu(W2 a1 + b2); a3 = a2 + silu(W3 a2 + b3); length = w a3 + b</c>, where x is the embedding
/// of the anchor token and the hidden row that predicted it, each divided by its root mean square. Width and activation are not in
/// the paper.
/// <para>
/// Holds scratch memory only, the weights are shared: one for each user, one thread at a time. A prediction allocates nothing.
/// </para>
/// </summary>
public sealed class LdlpNetwork
{
    private readonly float[] _parameters;
    private readonly LdlpShape _shape;
    private readonly float _longest;
    private readonly float[] _input;
    private readonly float[] _values;
    private readonly float[] _sums;

    /// <summary>Makes a network.</summary>
    /// <param name="weights">What was learned; may be shared.</param>
    public LdlpNetwork(LdlpWeights weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        Weights = weights;
        _parameters = weights.Parameters;
        _shape = weights.Shape;
        _longest = weights.LongestLength;
        _input = new float[_shape.InputSize];
        _values = new float[_shape.Width];
        _sums = new float[_shape.Width];
    }

    /// <summary>What was learned.</summary>
    public LdlpWeights Weights { get; }

    /// <summary>The length that will be accepted, 0 to <see cref="LdlpWeights.LongestLength"/>; 0 for rows that hold a NaN.</summary>
    /// <param name="embedding">Embedding of the anchor token, <see cref="LdlpWeights.HiddenSize"/> values, as the model's file has it.</param>
    /// <param name="hiddenRow">The target's hidden row whose logits the anchor token was chosen by; as many values.</param>
    /// <exception cref="ArgumentException">A row has another length.</exception>
    public float Predict(ReadOnlySpan<float> embedding, ReadOnlySpan<float> hiddenRow)
    {
        if (embedding.Length != _shape.HiddenSize || hiddenRow.Length != _shape.HiddenSize)
        {
            throw new ArgumentException($"The predictor takes rows of {_shape.HiddenSize} values, but got {embedding.Length} and {hiddenRow.Length}.");
        }

        LdlpInput.Write(embedding, hiddenRow, _input);
        Layer(0, _input);
        _sums.CopyTo(_values, 0);
        for (var layer = 1; layer < 3; layer++)
        {
            Layer(layer, _values);
            TensorPrimitives.Add(_values, _sums, _values);
        }

        var length = TensorPrimitives.Dot(_values, _parameters.AsSpan(_shape.Output, _shape.Width)) + _parameters[^1];
        return float.IsFinite(length) ? Math.Clamp(length, 0, _longest) : 0;
    }

    private void Layer(int layer, ReadOnlySpan<float> input)
    {
        ReadOnlySpan<float> parameters = _parameters;
        var biases = parameters.Slice(_shape.Bias(layer), _shape.Width);
        for (var output = 0; output < _sums.Length; output++)
        {
            var sum = TensorPrimitives.Dot(_shape.Row(parameters, layer, output), input) + biases[output];
            _sums[output] = Silu.Of(sum);
        }
    }
}
