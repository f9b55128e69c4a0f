using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using LlamaSpec.Models;

namespace LlamaSpec.Gguf;

/// <summary>
/// Reads the header of a GGUF file, however hostile. Nothing is allocated by a size that the file only claims, nothing larger than the
/// file, and headers and numbers of entries have limits.
/// </summary>
internal sealed class GgufReader
{
    // ggml's own limit.
    private const int MostDimensions = 4;

    // No type stores a value in less than a bit.
    private const int MostValuesOfByte = 8;

    // Vocabularies take megabytes, and models have some thousand tensors: files beyond these are not models.
    private const long MostHeaderBytes = 1L << 28;
    private const int MostEntries = 1 << 18;

    private readonly string _path;
    private readonly Stream _stream;
    private readonly long _length;
    private readonly ArrayBufferWriter<byte> _payload = new();

    private GgufReader(string path, Stream stream)
    {
        _path = path;
        _stream = stream;
        _length = stream.Length;
    }

    /// <summary>Reads metadata and tensor infos.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="ModelFailureException">It is no GGUF file of version 2 or 3, it is corrupt or truncated, or cannot be read.</exception>
    public static GgufFile Read(string path)
    {
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"The model file {path} does not exist. Check the path.", path);
        }

        try
        {
            using var stream = File.OpenRead(path);
            return new GgufReader(path, stream).ReadFile();
        }
        catch (Exception error) when (error is UnauthorizedAccessException or IOException and not FileNotFoundException)
        {
            throw new ModelFailureException($"{path} cannot be read: {error.Message} Check its permissions and its disk.", error);
        }
    }

    private GgufFile ReadFile()
    {
        if (!Bytes(GgufFile.Magic.Length).SequenceEqual(GgufFile.Magic))
        {
            throw Failure("is not a GGUF file");
        }

        var version = UInt32();
        if (version is not (2 or GgufFile.Version))
        {
            throw Failure($"is of GGUF version {version}, and only 2 and 3 can be read");
        }

        var tensorCount = Count("tensors");
        var valueCount = Count("metadata values");
        var metadata = new GgufMetadata();
        for (var i = 0; i < valueCount; i++)
        {
            var key = Text();
            if (metadata.TryGet(key, out _))
            {
                throw Failure($"has the metadata key {key} twice");
            }

            metadata.Set(key, Value());
        }

        var tensors = new List<GgufTensor>(tensorCount);
        for (var i = 0; i < tensorCount; i++)
        {
            tensors.Add(Tensor());
        }

        var file = new GgufFile(_path, metadata, tensors, GgufFile.Align(_stream.Position, Alignment(metadata)));
        CheckTensors(file);
        return file;
    }

    private GgufTensor Tensor()
    {
        var name = Text();
        var count = UInt32();
        if (count is 0 or > MostDimensions)
        {
            throw Failure($"says that {name} has {count} dimensions");
        }

        var dimensions = new long[count];
        var valuesLeft = _length * MostValuesOfByte;
        foreach (ref var size in dimensions.AsSpan())
        {
            size = (long)UInt64();
            if (size < 1 || size > Math.Min(valuesLeft, int.MaxValue))
            {
                throw Failure($"says that {name} has a dimension of {size}");
            }

            valuesLeft /= size;
        }

        return new GgufTensor(name, dimensions, (TensorType)UInt32(), (long)UInt64());
    }

    private GgufValue Value()
    {
        var type = (GgufValueType)UInt32();
        _payload.ResetWrittenCount();
        TakeValue(type, isElement: false);
        return new GgufValue(type, _payload.WrittenSpan.ToArray());
    }

    private void TakeValue(GgufValueType type, bool isElement)
    {
        switch (type)
        {
            case GgufValueType.String:
                Take((long)BinaryPrimitives.ReadUInt64LittleEndian(Take(sizeof(ulong))));
                break;
            case GgufValueType.Array when !isElement:
                TakeArray();
                break;
            default:
                Take(SizeOf(type));
                break;
        }
    }

    private void TakeArray()
    {
        var elementType = (GgufValueType)BinaryPrimitives.ReadUInt32LittleEndian(Take(sizeof(uint)));
        var count = (long)BinaryPrimitives.ReadUInt64LittleEndian(Take(sizeof(ulong)));
        var size = elementType == GgufValueType.String ? sizeof(ulong) : SizeOf(elementType);

        // Divided, since a count from a corrupt file may overflow.
        if (count < 0 || count > _length / size)
        {
            throw CutOff();
        }

        if (elementType != GgufValueType.String)
        {
            Take(count * size);
            return;
        }

        for (long i = 0; i < count; i++)
        {
            TakeValue(elementType, isElement: true);
        }
    }

    private int SizeOf(GgufValueType type) => type switch
    {
        GgufValueType.UInt8 or GgufValueType.Int8 or GgufValueType.Bool => 1,
        GgufValueType.UInt16 or GgufValueType.Int16 => 2,
        GgufValueType.UInt32 or GgufValueType.Int32 or GgufValueType.Float32 => 4,
        GgufValueType.UInt64 or GgufValueType.Int64 or GgufValueType.Float64 => 8,
        _ => throw Failure($"has a metadata value of type {(uint)type}, which is unknown here"),
    };

    private long Alignment(GgufMetadata metadata)
    {
        if (!metadata.TryGet(GgufFile.AlignmentKey, out var value))
        {
            return GgufFile.DefaultAlignment;
        }

        return value.AsInteger() is > 0 and <= 65536 and var alignment
            ? alignment
            : throw Failure($"has an impossible {GgufFile.AlignmentKey}");
    }

    private void CheckTensors(GgufFile file)
    {
        foreach (var tensor in file.Tensors.Where(static tensor => TensorFormats.Has(tensor.Type)))
        {
            if (tensor.ColumnCount % TensorFormats.Of(tensor.Type).BlockLength != 0)
            {
                throw Failure($"says that a row of {tensor} is no whole number of blocks");
            }

            if (tensor.Offset < 0 || tensor.Offset > _length || file.DataStart + tensor.Offset + tensor.SizeBytes > _length)
            {
                throw Failure($"ends before the data of {tensor.Name} do");
            }
        }
    }

    private ReadOnlySpan<byte> Take(long count)
    {
        CheckLeft(count);
        var bytes = _payload.GetSpan((int)count)[..(int)count];
        _stream.ReadExactly(bytes);
        _payload.Advance((int)count);
        return bytes;
    }

    private byte[] Bytes(long count)
    {
        CheckLeft(count);
        var bytes = new byte[count];
        _stream.ReadExactly(bytes);
        return bytes;
    }

    private void CheckLeft(long count)
    {
        if (count < 0 || count > _length - _stream.Position)
        {
            throw CutOff();
        }

        if (count > MostHeaderBytes - _stream.Position)
        {
            throw Failure($"has a header of more than {MostHeaderBytes >> 20} MiB");
        }
    }

    private string Text() => Encoding.UTF8.GetString(Bytes((long)UInt64()));

    private uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Bytes(sizeof(uint)));

    private ulong UInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Bytes(sizeof(ulong)));

    private int Count(string entries)
    {
        var count = UInt64();
        return count <= MostEntries ? (int)count : throw Failure($"says that it has {count} {entries}, and more than {MostEntries} are not read");
    }

    private ModelFailureException CutOff() => Failure("ends in the middle of its header");

    private ModelFailureException Failure(string problem) => new($"{_path} {problem}. Download or write it again.");
}
