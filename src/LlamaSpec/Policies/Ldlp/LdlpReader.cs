using System.Security.Cryptography;
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
        var bytes = ReadAll(stream);
        var magic = LdlpFormat.Magic;
        if (bytes.Length < magic.Length + sizeof(ushort) || !bytes.AsSpan(0, magic.Length).SequenceEqual(magic))
        {
            throw new InvalidDataException("This is no draft-length predictor: it does not start with LSLDLP. Make one with llamaspec train-ldlp.");
        }

        var version = BitConverter.ToUInt16(bytes, magic.Length);
        if (version != LdlpFormat.Version)
        {
            throw new InvalidDataException($"The draft-length predictor has version {version}, and this program reads version {LdlpFormat.Version}. Train it again.");
        }

        var end = bytes.Length - LdlpFormat.ChecksumBytes;
        if (end < 0 || !SHA256.HashData(bytes.AsSpan(0, end)).AsSpan().SequenceEqual(bytes.AsSpan(end)))
        {
            throw Damaged("its checksum is wrong");
        }

        using var reader = new BinaryReader(new MemoryStream(bytes, 0, end), Encoding.UTF8);
        reader.BaseStream.Position = magic.Length + sizeof(ushort);
        try
        {
            return ReadContent(reader);
        }
        catch (Exception error) when (error is EndOfStreamException or DecoderFallbackException)
        {
            throw Damaged("it ends too early");
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
            throw Damaged($"its weights have {bytesOfAWeight} bytes");
        }

        var left = reader.BaseStream.Length - reader.BaseStream.Position;
        if (left != (long)shape.ParameterCount * bytesOfAWeight)
        {
            throw Damaged($"it has {left} bytes of weights instead of {(long)shape.ParameterCount * bytesOfAWeight}");
        }

        var parameters = new float[shape.ParameterCount];
        for (var i = 0; i < parameters.Length; i++)
        {
            parameters[i] = bytesOfAWeight == 2 ? (float)reader.ReadHalf() : reader.ReadSingle();
            if (!float.IsFinite(parameters[i]))
            {
                throw Damaged("one of its weights is not a number");
            }
        }

        return parameters;
    }

    private static string ReadText(BinaryReader reader)
    {
        var length = reader.ReadUInt16();
        var bytes = reader.ReadBytes(length <= LdlpOrigin.LongestFingerprintBytes ? length : throw Damaged($"a fingerprint has {length} bytes"));
        return bytes.Length == length ? Encoding.UTF8.GetString(bytes) : throw new EndOfStreamException();
    }

    private static int ReadCount(BinaryReader reader, int minimum, int maximum, string name)
    {
        var value = reader.ReadInt32();
        return value >= minimum && value <= maximum ? value : throw Damaged($"its {name} is {value}");
    }

    private static float ReadNumber(BinaryReader reader, float minimum, float maximum, string name)
    {
        var value = reader.ReadSingle();
        return value >= minimum && value <= maximum ? value : throw Damaged($"its {name} is {value}");
    }

    private static byte[] ReadAll(Stream stream)
    {
        using var content = new MemoryStream();
        var buffer = new byte[1 << 16];
        for (var count = stream.Read(buffer); count > 0; count = stream.Read(buffer))
        {
            if (content.Length + count > LdlpFormat.MostBytes)
            {
                throw new InvalidDataException($"This is no draft-length predictor: it has more than {LdlpFormat.MostBytes >> 20} MiB.");
            }

            content.Write(buffer, 0, count);
        }

        return content.ToArray();
    }

    private static InvalidDataException Damaged(string what) =>
        new($"The draft-length predictor is damaged: {what}. Train it again with llamaspec train-ldlp.");
}
