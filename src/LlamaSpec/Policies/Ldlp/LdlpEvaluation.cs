namespace LlamaSpec.Policies.Ldlp;

/// <summary>Measures a predictor on held-out samples.</summary>
internal sealed record LdlpEvaluation(LdlpFigures Figures, LdlpSurvivalTable Survival)
{
    /// <summary>The figures of a predictor that was not measured.</summary>
    public static LdlpFigures Nothing { get; } = new()
    {
        TrainingSamples = 0,
        HeldOutSamples = 0,
        WeightedError = 0,
        AbsoluteError = 0,
        ConstantWeightedError = 0,
        ConstantAbsoluteError = 0,
        Correlation = 0,
    };

    public static LdlpEvaluation Of(LdlpNetwork network, LdlpSampleSet samples, LdlpSplit split, float shortPenalty)
    {
        var (count, longest) = (split.HeldOut.Length, samples.LongestLength);
        var predictions = new float[count];
        var labels = Array.ConvertAll(split.HeldOut, samples.Label);
        var survivals = new float[count * longest];
        var input = new float[2 * samples.HiddenSize];
        for (var i = 0; i < count; i++)
        {
            samples.ReadInput(split.HeldOut[i], input);
            samples.ReadSurvival(split.HeldOut[i], survivals.AsSpan(i * longest, longest));
            predictions[i] = network.Predict(input.AsSpan(0, samples.HiddenSize), input.AsSpan(samples.HiddenSize));
        }

        var figures = new LdlpFigures
        {
            TrainingSamples = split.Training.Length,
            HeldOutSamples = count,
            WeightedError = LdlpLoss.Mean(predictions, labels, shortPenalty),
            AbsoluteError = LdlpLoss.Mean(predictions, labels, 1),
            ConstantWeightedError = LdlpLoss.Mean(LdlpLoss.BestConstant(labels, shortPenalty), labels, shortPenalty),
            ConstantAbsoluteError = LdlpLoss.Mean(LdlpLoss.BestConstant(labels, 1), labels, 1),
            Correlation = Correlate(predictions, labels),
        };
        return new LdlpEvaluation(figures, LdlpSurvivalTable.Count(predictions, survivals, longest));
    }

    private static float Correlate(float[] left, float[] right)
    {
        double leftMean = left.Average(), rightMean = right.Average();
        double product = 0, leftSquare = 0, rightSquare = 0;
        for (var i = 0; i < left.Length; i++)
        {
            product += (left[i] - leftMean) * (right[i] - rightMean);
            leftSquare += Math.Pow(left[i] - leftMean, 2);
            rightSquare += Math.Pow(right[i] - rightMean, 2);
        }

        var scale = Math.Sqrt(leftSquare * rightSquare);
        return scale > 0 ? (float)(product / scale) : 0;
    }
}
