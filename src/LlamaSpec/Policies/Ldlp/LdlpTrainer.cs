using LlamaSpec.Sampling;

namespace LlamaSpec.Policies.Ldlp;

/// <summary>
/// Trains a draft-length predictor (arXiv 2412.18910, section 3.3): the absolute error, dearer where the prediction is too short,
/// by AdamW under a cosine. The pass that does best on the held-out prompts is kept. The same samples, options and machine give the
/// same bits.
/// </summary>
public static class LdlpTrainer
{
    /// <summary>Trains. Takes some ten seconds for ten thousand samples.</summary>
    /// <param name="samples">What to learn from.</param>
    /// <param name="origin">What the samples were recorded with; kept in the result.</param>
    /// <param name="options">How; null = defaults.</param>
    /// <param name="progress">Told after each pass, on the calling thread where it is no <see cref="Progress{T}"/>.</param>
    /// <param name="cancellationToken">Stops at the next step.</param>
    /// <exception cref="ArgumentException">An option is out of range, or there are too few samples.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static LdlpWeights Train(
        LdlpSampleSet samples,
        LdlpOrigin origin,
        LdlpTrainingOptions? options = null,
        IProgress<LdlpProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(samples);
        ArgumentNullException.ThrowIfNull(origin);
        options ??= new LdlpTrainingOptions();
        options.Validate();
        var split = LdlpSplit.Of(samples, options.HeldOutShare, options.Seed);
        var run = new LdlpTrainingRun(samples, split, options);
        var best = float.PositiveInfinity;
        var bestParameters = run.Parameters;
        for (int epoch = 0, idle = 0; epoch < options.Epochs && idle < options.Patience; epoch++, idle++)
        {
            var trainingError = run.Pass(epoch, cancellationToken);
            var heldOutError = run.HeldOutError();
            progress?.Report(new LdlpProgress(epoch + 1, options.Epochs, trainingError, heldOutError));
            if (heldOutError < best)
            {
                (best, idle) = (heldOutError, -1);
                bestParameters = (float[])run.Parameters.Clone();
            }
        }

        return Finish(samples, split, origin, options, run.Finish(bestParameters));
    }

    // The figures are those of the weights as they are saved: folded and rounded to 16 bits.
    private static LdlpWeights Finish(LdlpSampleSet samples, LdlpSplit split, LdlpOrigin origin, LdlpTrainingOptions options, float[] parameters)
    {
        for (var i = 0; i < parameters.Length; i++)
        {
            parameters[i] = (float)(Half)Math.Clamp(parameters[i], (float)Half.MinValue, (float)Half.MaxValue);
        }

        var longest = samples.LongestLength;
        var shape = new LdlpShape(samples.HiddenSize, options.WidthFor(samples.HiddenSize));
        var none = new LdlpSurvivalTable(longest, new float[(longest + 1) * longest], new int[longest + 1]);
        var network = new LdlpNetwork(new LdlpWeights(shape, parameters, origin, LdlpEvaluation.Nothing, none));
        var evaluation = LdlpEvaluation.Of(network, samples, split, options.ShortPenalty);
        return new LdlpWeights(shape, parameters, origin, evaluation.Figures, evaluation.Survival);
    }
}
