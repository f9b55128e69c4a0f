using System.Buffers.Binary;
using System.Text;

namespace LlamaSpec.Gguf;

/// <summary>One metadata value, kept as the bytes of the file, so that what is not understood is copied unchanged.</summary>
/// <param name="type">What the bytes are.</param>
/// <param name="payload">Everything after the type: lengths and element types of strings and arrays included.</param>
internal sealed class GgufValue(GgufValueType type, ReadOnlyMemory<byte> payload)
{
    public GgufValueType Type { get; } = type;

    public ReadOnlyMemory<byte> Payload { get; } = payload;

    public static GgufValue Of(uint value)
    {
        var payload = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(payload, value);
        return new GgufValue(GgufValueType.UInt32, payload);
    }

    public static GgufValue Of(float value)
    {
        var payload = new byte[sizeof(float)];
        BinaryPrimitives.WriteSingleLittleEndian(payload, value);
        return new GgufValue(GgufValueType.Float32, payload);
    }

    public static GgufValue Of(string value)
    {
        var payload = new byte[sizeof(ulong) + Encoding.UTF8.GetByteCount(value)];
        BinaryPrimitives.WriteUInt64LittleEndian(payload, (ulong)(payload.Length - sizeof(ulong)));
        Encoding.UTF8.GetBytes(value, payload.AsSpan(sizeof(ulong)));
        return new GgufValue(GgufValueType.String, payload);
    }

    /// <summary>The value as text, or null when it is none.</summary>
    public string? AsText() => Type == GgufValueType.String ? Encoding.UTF8.GetString(Payload.Span[sizeof(ulong)..]) : null;

    /// <summary>The value as a whole number, or null when it is none or does not fit.</summary>
    public long? AsInteger() => Type switch
    {
        GgufValueType.UInt8 => Payload.Span[0],
        GgufValueType.Int8 => (sbyte)Payload.Span[0],
        GgufValueType.UInt16 => BinaryPrimitives.ReadUInt16LittleEndian(Payload.Span),
        GgufValueType.Int16 => BinaryPrimitives.ReadInt16LittleEndian(Payload.Span),
        GgufValueType.UInt32 => BinaryPrimitives.ReadUInt32LittleEndian(Payload.Span),
        GgufValueType.Int32 => BinaryPrimitives.ReadInt32LittleEndian(Payload.Span),
        GgufValueType.Int64 => BinaryPrimitives.ReadInt64LittleEndian(Payload.Span),
        GgufValueType.UInt64 => BinaryPrimitives.ReadInt64LittleEndian(Payload.Span) is >= 0 and var value ? value : null,
        _ => null,
    };

    /// <summary>The values of an array of int32, or null when this is none. As many as there are bytes for, whatever the array claims.</summary>
    public int[]? AsInt32Array()
    {
        const int ValuesAt = sizeof(uint) + sizeof(ulong);
        if (Type != GgufValueType.Array || BinaryPrimitives.ReadUInt32LittleEndian(Payload.Span) != (uint)GgufValueType.Int32)
        {
            return null;
        }

        var bytes = Payload.Span[ValuesAt..];
        var values = new int[bytes.Length / sizeof(int)];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = BinaryPrimitives.ReadInt32LittleEndian(bytes[(i * sizeof(int))..]);
        }

        return values;
    }

    /// <summary>The value as a 32-bit floating-point number, or null.</summary>
    public float? AsReal() => Type == GgufValueType.Float32 ? BinaryPrimitives.ReadSingleLittleEndian(Payload.Span) : null;
}
