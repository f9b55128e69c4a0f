using System.Buffers.Binary;

namespace LlamaSpec.Gguf;

/// <summary>
/// Q4_0: 32 values as one F16 scale and 32 levels of 4 bits; value = scale x (level - 8). Values 0 to 15 are in the low halves of
/// the 16 bytes, 16 to 31 in the high ones.
/// </summary>
internal sealed class Q40Format : TensorFormat
{
    public const int Length = 32;
    public const int SizeBytes = sizeof(ushort) + (Length / 2);

    /// <summary>The level of zero.</summary>
    public const int Centre = 8;

    public override TensorType Type => TensorType.Q4_0;

    public override int BlockLength => Length;

    public override int BlockSizeBytes => SizeBytes;

    public override void Dequantise(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        for (; !blocks.IsEmpty; blocks = blocks[SizeBytes..], values = values[Length..])
        {
            var scale = (float)BinaryPrimitives.ReadHalfLittleEndian(blocks);
            for (var i = 0; i < Length / 2; i++)
            {
                var pair = blocks[sizeof(ushort) + i];
                values[i] = scale * ((pair & 15) - Centre);
                values[i + (Length / 2)] = scale * ((pair >> 4) - Centre);
            }
        }
    }

    public override void Quantise(ReadOnlySpan<float> values, Span<byte> blocks)
    {
        for (; !blocks.IsEmpty; blocks = blocks[SizeBytes..], values = values[Length..])
        {
            // The value of largest magnitude gets level 0, the only one at distance 8, so the scale takes the opposite sign.
            var scale = LargestMagnitude(values[..Length]) / -Centre;
            var inverse = scale == 0 ? 0 : 1 / scale;
            BinaryPrimitives.WriteHalfLittleEndian(blocks, (Half)scale);
            for (var i = 0; i < Length / 2; i++)
            {
                blocks[sizeof(ushort) + i] = (byte)(Level(values[i] * inverse) | (Level(values[i + (Length / 2)] * inverse) << 4));
            }
        }
    }

    private static int Level(float scaled) => Math.Clamp((int)(scaled + (Centre + 0.5f)), 0, 15);

    private static float LargestMagnitude(ReadOnlySpan<float> values)
    {
        var largest = 0f;
        foreach (var value in values)
        {
            largest = Math.Abs(value) > Math.Abs(largest) ? value : largest;
        }

        return largest;
    }
}
