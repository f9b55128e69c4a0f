namespace LlamaSpec.Gguf;

/// <summary>
/// One way to store values: rows of blocks, each block a fixed number of values in a fixed number of bytes. The bytes are ggml's, to
/// the bit.
/// </summary>
internal abstract class TensorFormat
{
    public abstract TensorType Type { get; }

    /// <summary>Values of one block; rows are whole blocks.</summary>
    public abstract int BlockLength { get; }

    /// <summary>Bytes of one block.</summary>
    public abstract int BlockSizeBytes { get; }

    /// <summary>Reads whole blocks. Both spans hold the same number of them.</summary>
    public abstract void Dequantise(ReadOnlySpan<byte> blocks, Span<float> values);

    /// <summary>Writes whole blocks. Both spans hold the same number of them.</summary>
    public abstract void Quantise(ReadOnlySpan<float> values, Span<byte> blocks);

    /// <summary>Bytes of a row of <paramref name="valueCount"/> values, the last block filled up.</summary>
    public long RowSizeBytes(long valueCount) => (valueCount + BlockLength - 1) / BlockLength * BlockSizeBytes;
}
