using System.Runtime.InteropServices;
using LlamaSpec.Gguf;
using LlamaSpec.Measuring.WideModels;

namespace LlamaSpec.Tests.Gguf;

/// <summary>A GGUF file of a few values and tensors.</summary>
internal sealed class SmallGguf
{
    private readonly GgufMetadata _metadata = new();
    private readonly List<(GgufTensor Tensor, byte[] Data)> _tensors = [];

    public SmallGguf With(string key, GgufValue value)
    {
        _metadata.Set(key, value);
        return this;
    }

    public SmallGguf With(string key, string value) => With(key, GgufValue.Of(value));

    public SmallGguf With(string key, uint value) => With(key, GgufValue.Of(value));

    public SmallGguf With(string key, int value) => With(key, new GgufValue(GgufValueType.Int32, BitConverter.GetBytes(value)));

    public SmallGguf With(string key, ushort value) => With(key, new GgufValue(GgufValueType.UInt16, BitConverter.GetBytes(value)));

    public SmallGguf With(string key, long value) => With(key, new GgufValue(GgufValueType.Int64, BitConverter.GetBytes(value)));

    public SmallGguf With(string key, int[] values) => With(key, Array(GgufValueType.Int32, values.Length, MemoryMarshal.AsBytes<int>(values)));

    /// <summary>Values of the type's format, row after row.</summary>
    public SmallGguf WithTensor(string name, TensorType type, float[] values, params long[] dimensions)
    {
        var tensor = new GgufTensor(name, dimensions, type);
        var data = new byte[tensor.SizeBytes];
        TensorFormats.Of(type).Quantise(values, data);
        _tensors.Add((tensor, data));
        return this;
    }

    public string Save(string path)
    {
        using var stream = File.Create(path);
        var writer = new GgufWriter(stream, _metadata, [.. _tensors.Select(static item => item.Tensor)]);
        foreach (var (_, data) in _tensors)
        {
            writer.Write(data);
            writer.EndTensor();
        }

        writer.Finish();
        return path;
    }

    /// <summary>An array as a file has it: what its items are, how many it claims, and their bytes.</summary>
    public static GgufValue Array(GgufValueType type, long count, ReadOnlySpan<byte> items) =>
        new(GgufValueType.Array, (byte[])[.. BitConverter.GetBytes((uint)type), .. BitConverter.GetBytes(count), .. items]);
}
