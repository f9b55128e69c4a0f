using System.Security.Cryptography;
using System.Text;

namespace LlamaSpec.Policies.Ldlp;

/// <summary>Writes <see cref="LdlpFormat"/>.</summary>
internal static class LdlpWriter
{
    public static void Write(LdlpWeights weights, Stream stream)
    {
        using var content = new MemoryStream();
        using (var writer = new BinaryWriter(content, Encoding.UTF8, leaveOpen: true))
        {
            LdlpFormat.Frame.WriteHeader(writer);
            WriteHeader(writer, weights);
            WriteSurvival(writer, weights.Survival);
            WriteParameters(writer, weights.Parameters);
        }

        var bytes = content.GetBuffer().AsSpan(0, (int)content.Length);
        stream.Write(bytes);
        stream.Write(SHA256.HashData(bytes));
    }

    private static void WriteHeader(BinaryWriter writer, LdlpWeights weights)
    {
        var (origin, figures) = (weights.Origin, weights.Figures);
        writer.Write(weights.HiddenSize);
        writer.Write(weights.Width);
        writer.Write(weights.LongestLength);
        writer.Write(origin.Temperature);
        WriteText(writer, origin.TargetFingerprint);
        WriteText(writer, origin.DraftFingerprint);
        writer.Write(figures.TrainingSamples);
        writer.Write(figures.HeldOutSamples);
        writer.Write(figures.WeightedError);
        writer.Write(figures.AbsoluteError);
        writer.Write(figures.ConstantWeightedError);
        writer.Write(figures.ConstantAbsoluteError);
        writer.Write(figures.Correlation);
    }

    private static void WriteSurvival(BinaryWriter writer, LdlpSurvivalTable survival)
    {
        foreach (var count in survival.Counts)
        {
            writer.Write(count);
        }

        foreach (var probability in survival.Probabilities)
        {
            writer.Write(probability);
        }
    }

    // Two bytes a weight, where that loses nothing: the trainer rounds before it measures.
    private static void WriteParameters(BinaryWriter writer, float[] parameters)
    {
        var isHalf = Array.TrueForAll(parameters, static value => (float)(Half)value == value);
        writer.Write((byte)(isHalf ? 2 : 4));
        foreach (var value in parameters)
        {
            if (isHalf)
            {
                writer.Write((Half)value);
            }
            else
            {
                writer.Write(value);
            }
        }
    }

    private static void WriteText(BinaryWriter writer, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        writer.Write((ushort)bytes.Length);
        writer.Write(bytes);
    }
}
