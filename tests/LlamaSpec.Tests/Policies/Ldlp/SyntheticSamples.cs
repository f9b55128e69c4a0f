using LlamaSpec.Policies.Ldlp;

namespace LlamaSpec.Tests.Policies.Ldlp;

/// <summary>Samples whose label follows from the rows by a rule.</summary>
internal static class SyntheticSamples
{
    public const int HiddenSize = 12;
    public const int LongestLength = 4;

    public static LdlpOrigin Origin { get; } = new() { TargetFingerprint = "target", DraftFingerprint = "draft", Temperature = 0 };

    public static LdlpTrainingOptions Quick { get; } = new() { Width = 24, Epochs = 12, LearningRate = 5e-3f, Dropout = 0, WeightDecay = 0.01f, Seed = 7 };

    /// <summary>The length is 4 where two values, one of each row, have a positive sum, else 0: neither row tells alone.</summary>
    public static LdlpSampleSet Rule(int count = 2000, int prompts = 20)
    {
        var random = new Random(5);
        var samples = new LdlpSampleSet(HiddenSize, LongestLength);
        for (var i = 0; i < count; i++)
        {
            var (embedding, hiddenRow) = (Row(random), Row(random));
            var survival = embedding[0] + hiddenRow[0] > 0 ? 1f : 0f;
            samples.Add(embedding, hiddenRow, [survival, survival, survival, survival], i % prompts);
        }

        return samples;
    }

    public static float[] Row(Random random) => [.. Enumerable.Range(0, HiddenSize).Select(_ => (random.NextSingle() * 2) - 1)];

    public static byte[] Save(LdlpWeights weights)
    {
        using var stream = new MemoryStream();
        weights.Save(stream);
        return stream.ToArray();
    }
}
