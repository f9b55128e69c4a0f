using System.Runtime.InteropServices;

namespace LlamaSpec.Gguf;

/// <summary>32-bit floating point.</summary>
internal sealed class F32Format : TensorFormat
{
    public override TensorType Type => TensorType.F32;

    public override int BlockLength => 1;

    public override int BlockSizeBytes => sizeof(float);

    public override void Dequantise(ReadOnlySpan<byte> blocks, Span<float> values) => MemoryMarshal.Cast<byte, float>(blocks).CopyTo(values);

    public override void Quantise(ReadOnlySpan<float> values, Span<byte> blocks) => MemoryMarshal.AsBytes(values).CopyTo(blocks);
}
