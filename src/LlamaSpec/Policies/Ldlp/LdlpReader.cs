using System.Text;

namespace LlamaSpec.Policies.Ldlp;

/// <summary>
/// Reads <see cref="LdlpFormat"/>. Every damage is an <see cref="InvalidDataException"/>, and nothing is allocated by a size that
/// the file only claims.
/// </summary>
internal static class LdlpReader
{
    public static LdlpWeights Read(Stream stream)
    {
        using var reader = LdlpFormat.Frame.Open(stream);
        try
        {
            return ReadContent(reader);
        }
        catch (Exception error) when (error is EndOfStreamException or DecoderFallbackException)
        {
            throw LdlpFormat.Frame.Damaged("it ends too early");
        }
    }

    private static LdlpWeights ReadContent(BinaryReader reader)
    {
        var hiddenSize = ReadCount(reader, 1, LdlpWeights.WidestHiddenRow, "hidden size");
        var width = ReadCount(reader, 1, LdlpWeights.WidestLayer, "width");
        var longest = ReadCount(reader, 1, LdlpWeights.LongestDraft, "longest length");
        var origin = new LdlpOrigin
        {
            Temperature = ReadNumber(reader, 0, 100, "temperature"),
            TargetFingerprint = ReadText(reader),
            DraftFingerprint = ReadText(reader),
        };
        var figures = ReadFigures(reader);
        var survival = ReadSurvival(reader, longest);
        var shape = new LdlpShape(hiddenSize, width);
        return new LdlpWeights(shape, ReadParameters(reader, shape), origin, figures, survival);
    }

    private static LdlpFigures ReadFigures(BinaryReader reader) => new()
    {
        TrainingSamples = ReadCount(reader, 0, int.MaxValue, "number of training samples"),
        HeldOutSamples = ReadCount(reader, 0, int.MaxValue, "number of held-out samples"),
        WeightedError = ReadNumber(reader, 0, float.MaxValue, "weighted error"),
        AbsoluteError = ReadNumber(reader, 0, float.MaxValue, "absolute error"),
        ConstantWeightedError = ReadNumber(reader, 0, float.MaxValue, "constant's weighted error"),
        ConstantAbsoluteError = ReadNumber(reader, 0, float.MaxValue, "constant's absolute error"),
        Correlation = ReadNumber(reader, -1.001f, 1.001f, "correlation"),
    };

    private static LdlpSurvivalTable ReadSurvival(BinaryReader reader, int longest)
    {
        var counts = new int[longest + 1];
        for (var i = 0; i < counts.Length; i++)
        {
            counts[i] = ReadCount(reader, 0, int.MaxValue, "number of positions");
        }

        var probabilities = new float[(longest + 1) * longest];
        for (var i = 0; i < probabilities.Length; i++)
        {
            probabilities[i] = ReadNumber(reader, 0, 1.001f, "survival");
        }

        return new LdlpSurvivalTable(longest, probabilities, counts);
    }

    private static float[] ReadParameters(BinaryReader reader, LdlpShape shape)
    {
        var bytesOfAWeight = reader.ReadByte();
        if (bytesOfAWeight is not (2 or 4))
        {
            throw LdlpFormat.Frame.Damaged($"its weights have {bytesOfAWeight} bytes");
        }

        var left = reader.BaseStream.Length - reader.BaseStream.Position;
        if (left != (long)shape.ParameterCount * bytesOfAWeight)
        {
            throw LdlpFormat.Frame.Damaged($"it has {left} bytes of weights instead of {(long)shape.ParameterCount * bytesOfAWeight}");
        }

        var parameters = new float[shape.ParameterCount];
        for (var i = 0; i < parameters.Length; i++)
        {
            parameters[i] = bytesOfAWeight == 2 ? (float)reader.ReadHalf() : reader.ReadSingle();
            if (!float.IsFinite(parameters[i]))
            {
                throw LdlpFormat.Frame.Damaged("one of its weights is not a number");
            }
        }

        return parameters;
    }

    private static string ReadText(BinaryReader reader)
    {
        var length = reader.ReadUInt16();
        var bytes = reader.ReadBytes(length <= LdlpOrigin.LongestFingerprintBytes ? length : throw LdlpFormat.Frame.Damaged($"a fingerprint has {length} bytes"));
        return bytes.Length == length ? Encoding.UTF8.GetString(bytes) : throw new EndOfStreamException();
    }

    private static int ReadCount(BinaryReader reader, int minimum, int maximum, string name) =>
        LdlpFormat.Frame.InRange(reader.ReadInt32(), minimum, maximum, name);

    private static float ReadNumber(BinaryReader reader, float minimum, float maximum, string name)
    {
        var value = reader.ReadSingle();
        return value >= minimum && value <= maximum ? value : throw LdlpFormat.Frame.Damaged($"its {name} is {value}");
    }
}
