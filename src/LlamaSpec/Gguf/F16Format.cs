using System.Runtime.InteropServices;

namespace LlamaSpec.Gguf;

/// <summary>16-bit floating point: 10 bits of fraction, up to 65504, rounded to nearest even.</summary>
internal sealed class F16Format : TensorFormat
{
    public override TensorType Type => TensorType.F16;

    public override int BlockLength => 1;

    public override int BlockSizeBytes => sizeof(ushort);

    public override void Dequantise(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        var halves = MemoryMarshal.Cast<byte, Half>(blocks);
        for (var i = 0; i < halves.Length; i++)
        {
            values[i] = (float)halves[i];
        }
    }

    public override void Quantise(ReadOnlySpan<float> values, Span<byte> blocks)
    {
        var halves = MemoryMarshal.Cast<byte, Half>(blocks);
        for (var i = 0; i < halves.Length; i++)
        {
            halves[i] = (Half)values[i];
        }
    }
}
