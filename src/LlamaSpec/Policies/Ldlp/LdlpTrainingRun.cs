using LlamaSpec.Sampling;

namespace LlamaSpec.Policies.Ldlp;

/// <summary>The state of one training: parameters, optimiser, scaling.</summary>
internal sealed class LdlpTrainingRun
{
    private readonly LdlpSampleSet _samples;
    private readonly LdlpSplit _split;
    private readonly LdlpTrainingOptions _options;
    private readonly LdlpShape _shape;
    private readonly LdlpScaling _scaling;
    private readonly LdlpGradient _network;
    private readonly AdamW _optimiser;
    private readonly float[] _gradient;
    private readonly float[] _outputGradients;

    public LdlpTrainingRun(LdlpSampleSet samples, LdlpSplit split, LdlpTrainingOptions options)
    {
        (_samples, _split, _options) = (samples, split, options);
        _shape = new LdlpShape(samples.HiddenSize, options.WidthFor(samples.HiddenSize));
        _scaling = new LdlpScaling(samples, split.Training);
        _network = new LdlpGradient(_shape, options.BatchSize);
        _optimiser = new AdamW(_shape.ParameterCount, options.WeightDecay);
        _gradient = new float[_shape.ParameterCount];
        _outputGradients = new float[options.BatchSize];
        Parameters = FirstParameters();
    }

    /// <summary>The parameters as they stand, for scaled inputs.</summary>
    public float[] Parameters { get; }

    /// <summary>One pass over the samples to train on, in an order of its own. Returns their mean loss.</summary>
    public float Pass(int epoch, CancellationToken cancellationToken)
    {
        var order = (int[])_split.Training.Clone();
        var keys = Array.ConvertAll(order, sample => CounterRandom.Uniform(_options.Seed, epoch, sample, DrawPurpose.Draft));
        Array.Sort(keys, order);
        var batches = (order.Length + _options.BatchSize - 1) / _options.BatchSize;
        var loss = 0.0;
        for (var batch = 0; batch < batches; batch++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var chosen = order.AsSpan(batch * _options.BatchSize, Math.Min(_options.BatchSize, order.Length - (batch * _options.BatchSize)));
            loss += Learn(chosen, epoch);
            var done = (epoch + ((batch + 1.0) / batches)) / _options.Epochs;
            var rate = _options.LearningRate * (float)(0.5 * (1 + Math.Cos(Math.PI * Math.Min(done, 1))));
            _optimiser.Step(Parameters, _gradient, rate);
        }

        return (float)(loss / order.Length);
    }

    /// <summary>The mean loss on the held-out samples.</summary>
    public float HeldOutError()
    {
        var loss = 0.0;
        for (var start = 0; start < _split.HeldOut.Length; start += _options.BatchSize)
        {
            var chosen = _split.HeldOut.AsSpan(start, Math.Min(_options.BatchSize, _split.HeldOut.Length - start));
            var lengths = Forward(chosen);
            for (var i = 0; i < chosen.Length; i++)
            {
                loss += LdlpLoss.Of(Math.Clamp(lengths[i], 0, _samples.LongestLength), _samples.Label(chosen[i]), _options.ShortPenalty);
            }
        }

        return (float)(loss / _split.HeldOut.Length);
    }

    /// <summary>Parameters for inputs that are not scaled.</summary>
    public float[] Finish(float[] parameters) => _scaling.Fold(_shape, parameters);

    private double Learn(ReadOnlySpan<int> chosen, int epoch)
    {
        ReadInputs(chosen);
        for (var i = 0; i < chosen.Length && _options.Dropout > 0; i++)
        {
            LeaveOut(_network.Input(i), chosen[i], epoch);
        }

        var lengths = _network.Forward(Parameters, chosen.Length);
        var loss = 0.0;
        for (var i = 0; i < chosen.Length; i++)
        {
            var label = _samples.Label(chosen[i]);
            loss += LdlpLoss.Of(lengths[i], label, _options.ShortPenalty);
            _outputGradients[i] = LdlpLoss.Derivative(lengths[i], label, _options.ShortPenalty) / chosen.Length;
        }

        _network.Backward(Parameters, _outputGradients.AsSpan(0, chosen.Length), _gradient);
        return loss;
    }

    private ReadOnlySpan<float> Forward(ReadOnlySpan<int> chosen)
    {
        ReadInputs(chosen);
        return _network.Forward(Parameters, chosen.Length);
    }

    // What stays is made larger, so that sums are as large on average as without.
    private void LeaveOut(Span<float> input, int sample, int epoch)
    {
        var scale = (float)(1 / (1 - _options.Dropout));
        var round = ((long)epoch << 32) | (uint)sample;
        for (var i = 0; i < input.Length; i++)
        {
            input[i] = CounterRandom.Uniform(_options.Seed, round, i, DrawPurpose.Accept) < _options.Dropout ? 0 : input[i] * scale;
        }
    }

    private void ReadInputs(ReadOnlySpan<int> chosen)
    {
        for (var i = 0; i < chosen.Length; i++)
        {
            _samples.ReadInput(chosen[i], _network.Input(i));
            _scaling.Apply(_network.Input(i));
        }
    }

    // Starts as the best constant: the row of the output is 0. The residual layers start small, as they add to what is there.
    private float[] FirstParameters()
    {
        var parameters = new float[_shape.ParameterCount];
        for (var layer = 0; layer < 3; layer++)
        {
            var range = (float)Math.Sqrt((layer == 0 ? 3.0 : 0.75) / _shape.Inputs(layer));
            for (var i = _shape.Start(layer); i < _shape.Bias(layer); i++)
            {
                parameters[i] = range * (float)((2 * CounterRandom.Uniform(_options.Seed, layer, i, DrawPurpose.Next)) - 1);
            }
        }

        parameters[^1] = LdlpLoss.BestConstant(Array.ConvertAll(_split.Training, _samples.Label), _options.ShortPenalty);
        return parameters;
    }
}
