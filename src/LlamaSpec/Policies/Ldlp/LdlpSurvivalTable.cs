namespace LlamaSpec.Policies.Ldlp;

/// <summary>
/// What a predicted length is worth: the probability that at least j drafted tokens are accepted, by the rounded prediction, as
/// counted on prompts that the predictor was not trained on. Immutable.
/// </summary>
public sealed class LdlpSurvivalTable
{
    // Samples that all positions together add to each bucket, so that a bucket seen once is not believed.
    private const float PriorSamples = 8;

    private readonly float[] _probabilities;
    private readonly int[] _counts;

    internal LdlpSurvivalTable(int longestLength, float[] probabilities, int[] counts)
    {
        LongestLength = longestLength;
        _probabilities = probabilities;
        _counts = counts;
    }

    /// <summary>The largest j, and the largest bucket.</summary>
    public int LongestLength { get; }

    /// <summary>Probabilities by bucket, then by j from 1.</summary>
    internal ReadOnlySpan<float> Probabilities => _probabilities;

    /// <summary>Held-out positions in each bucket.</summary>
    public ReadOnlySpan<int> Counts => _counts;

    /// <summary>The bucket of a prediction: the nearest length.</summary>
    public int BucketOf(float prediction) => (int)Math.Clamp(MathF.Round(prediction), 0, LongestLength);

    /// <summary>P(at least 1, 2, .. <see cref="LongestLength"/> tokens are accepted), for a prediction. Never rises.</summary>
    public ReadOnlySpan<float> For(float prediction) => _probabilities.AsSpan(BucketOf(prediction) * LongestLength, LongestLength);

    /// <summary>Counts.</summary>
    /// <param name="predictions">Predicted lengths.</param>
    /// <param name="survivals">For each prediction, the probability that at least 1, 2, .. tokens were accepted.</param>
    /// <param name="longestLength">The largest j.</param>
    internal static LdlpSurvivalTable Count(ReadOnlySpan<float> predictions, ReadOnlySpan<float> survivals, int longestLength)
    {
        var table = new LdlpSurvivalTable(longestLength, new float[(longestLength + 1) * longestLength], new int[longestLength + 1]);
        var all = new float[longestLength];
        for (var i = 0; i < predictions.Length; i++)
        {
            var bucket = table.BucketOf(predictions[i]);
            table._counts[bucket]++;
            for (var j = 0; j < longestLength; j++)
            {
                var survival = survivals[(i * longestLength) + j];
                all[j] += survival / predictions.Length;
                table._probabilities[(bucket * longestLength) + j] += survival;
            }
        }

        for (var bucket = 0; bucket <= longestLength; bucket++)
        {
            for (var j = 0; j < longestLength; j++)
            {
                ref var cell = ref table._probabilities[(bucket * longestLength) + j];
                cell = (cell + (PriorSamples * all[j])) / (table._counts[bucket] + PriorSamples);
            }
        }

        return table;
    }
}
