using System.Runtime.InteropServices;

namespace LlamaSpec.Measuring.Formats;

/// <summary>16-bit floating point: 10 bits of fraction, up to 65504, rounded to nearest even.</summary>
internal sealed class F16Format : ITensorFormat
{
    public TensorType Type => TensorType.F16;

    public int BlockLength => 1;

    public int BlockSizeBytes => sizeof(ushort);

    public void Dequantise(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        var halves = MemoryMarshal.Cast<byte, Half>(blocks);
        for (var i = 0; i < halves.Length; i++)
        {
            values[i] = (float)halves[i];
        }
    }

    public void Quantise(ReadOnlySpan<float> values, Span<byte> blocks)
    {
        var halves = MemoryMarshal.Cast<byte, Half>(blocks);
        for (var i = 0; i < halves.Length; i++)
        {
            halves[i] = (Half)values[i];
        }
    }
}
