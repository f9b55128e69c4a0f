using System.Runtime.InteropServices;

namespace LlamaSpec.Gguf;

/// <summary>bfloat16: the upper half of a 32-bit number, 7 bits of fraction, rounded to nearest even.</summary>
internal sealed class BF16Format : TensorFormat
{
    public override TensorType Type => TensorType.BF16;

    public override int BlockLength => 1;

    public override int BlockSizeBytes => sizeof(ushort);

    public override void Dequantise(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        var words = MemoryMarshal.Cast<byte, ushort>(blocks);
        for (var i = 0; i < words.Length; i++)
        {
            values[i] = BitConverter.UInt32BitsToSingle((uint)words[i] << 16);
        }
    }

    public override void Quantise(ReadOnlySpan<float> values, Span<byte> blocks)
    {
        var words = MemoryMarshal.Cast<byte, ushort>(blocks);
        for (var i = 0; i < words.Length; i++)
        {
            words[i] = Round(values[i]);
        }
    }

    private static ushort Round(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        return float.IsNaN(value)
            ? (ushort)((bits >> 16) | 0x40) // a quiet NaN: rounding could turn it into infinity
            : (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }
}
