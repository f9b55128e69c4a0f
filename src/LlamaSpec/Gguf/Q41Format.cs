using System.Buffers.Binary;

namespace LlamaSpec.Gguf;

/// <summary>
/// Q4_1: 32 values as an F16 scale, an F16 minimum and 32 levels of 4 bits, placed as in Q4_0; value = scale x level + minimum.
/// </summary>
internal sealed class Q41Format : TensorFormat
{
    private const int Length = 32;
    private const int LevelsAt = 2 * sizeof(ushort);
    private const int SizeBytes = LevelsAt + (Length / 2);
    private const int LargestLevel = 15;

    public override TensorType Type => TensorType.Q4_1;

    public override int BlockLength => Length;

    public override int BlockSizeBytes => SizeBytes;

    public override void Dequantise(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        for (; !blocks.IsEmpty; blocks = blocks[SizeBytes..], values = values[Length..])
        {
            var scale = (float)BinaryPrimitives.ReadHalfLittleEndian(blocks);
            var minimum = (float)BinaryPrimitives.ReadHalfLittleEndian(blocks[sizeof(ushort)..]);
            for (var i = 0; i < Length / 2; i++)
            {
                var pair = blocks[LevelsAt + i];
                values[i] = (scale * (pair & 15)) + minimum;
                values[i + (Length / 2)] = (scale * (pair >> 4)) + minimum;
            }
        }
    }

    public override void Quantise(ReadOnlySpan<float> values, Span<byte> blocks)
    {
        for (; !blocks.IsEmpty; blocks = blocks[SizeBytes..], values = values[Length..])
        {
            var (minimum, maximum) = (float.MaxValue, float.MinValue);
            foreach (var value in values[..Length])
            {
                (minimum, maximum) = (Math.Min(minimum, value), Math.Max(maximum, value));
            }

            var scale = (maximum - minimum) / LargestLevel;
            var inverse = scale == 0 ? 0 : 1 / scale;
            BinaryPrimitives.WriteHalfLittleEndian(blocks, (Half)scale);
            BinaryPrimitives.WriteHalfLittleEndian(blocks[sizeof(ushort)..], (Half)minimum);
            for (var i = 0; i < Length / 2; i++)
            {
                var low = Level((values[i] - minimum) * inverse);
                var high = Level((values[i + (Length / 2)] - minimum) * inverse);
                blocks[LevelsAt + i] = (byte)(low | (high << 4));
            }
        }
    }

    private static int Level(float scaled) => Math.Clamp((int)(scaled + 0.5f), 0, LargestLevel);
}
