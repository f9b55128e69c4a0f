using System.Runtime.InteropServices;

namespace LlamaSpec.Measuring.Formats;

/// <summary>32-bit floating point.</summary>
internal sealed class F32Format : ITensorFormat
{
    public TensorType Type => TensorType.F32;

    public int BlockLength => 1;

    public int BlockSizeBytes => sizeof(float);

    public void Dequantise(ReadOnlySpan<byte> blocks, Span<float> values) => MemoryMarshal.Cast<byte, float>(blocks).CopyTo(values);

    public void Quantise(ReadOnlySpan<float> values, Span<byte> blocks) => MemoryMarshal.AsBytes(values).CopyTo(blocks);
}
