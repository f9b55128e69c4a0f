using System.Buffers.Binary;

namespace LlamaSpec.Gguf;

/// <summary>Q8_0: 32 values as one F16 scale and 32 signed bytes; value = scale x byte.</summary>
internal sealed class Q80Format : TensorFormat
{
    public const int Length = 32;
    public const int SizeBytes = sizeof(ushort) + Length;

    // The scale maps the largest magnitude to this level.
    private const float LargestLevel = 127;

    public override TensorType Type => TensorType.Q8_0;

    public override int BlockLength => Length;

    public override int BlockSizeBytes => SizeBytes;

    public override void Dequantise(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        for (; !blocks.IsEmpty; blocks = blocks[SizeBytes..], values = values[Length..])
        {
            var scale = (float)BinaryPrimitives.ReadHalfLittleEndian(blocks);
            for (var i = 0; i < Length; i++)
            {
                values[i] = scale * (sbyte)blocks[sizeof(ushort) + i];
            }
        }
    }

    public override void Quantise(ReadOnlySpan<float> values, Span<byte> blocks)
    {
        for (; !blocks.IsEmpty; blocks = blocks[SizeBytes..], values = values[Length..])
        {
            var largest = 0f;
            foreach (var value in values[..Length])
            {
                largest = Math.Max(largest, Math.Abs(value));
            }

            var scale = largest / LargestLevel;
            var inverse = scale == 0 ? 0 : 1 / scale;
            BinaryPrimitives.WriteHalfLittleEndian(blocks, (Half)scale);
            for (var i = 0; i < Length; i++)
            {
                blocks[sizeof(ushort) + i] = (byte)(sbyte)MathF.Round(values[i] * inverse, MidpointRounding.AwayFromZero);
            }
        }
    }
}
