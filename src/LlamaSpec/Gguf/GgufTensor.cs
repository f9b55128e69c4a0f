
namespace LlamaSpec.Gguf;

/// <summary>What a GGUF file says of one tensor.</summary>
/// <param name="Name">For example "blk.0.attn_q.weight".</param>
/// <param name="Dimensions">Columns (values of one row, adjacent in the file) first, then rows, and so on; at most 4.</param>
/// <param name="Type">How the values are stored.</param>
/// <param name="Offset">Bytes from the start of the data section. A writer works it out by itself.</param>
internal sealed record GgufTensor(string Name, IReadOnlyList<long> Dimensions, TensorType Type, long Offset = 0)
{
    public long ColumnCount => Dimensions[0];

    public long RowCount => Dimensions.Skip(1).Aggregate(1L, static (product, size) => product * size);

    /// <summary>Bytes of one row.</summary>
    public long RowSizeBytes => TensorFormats.Of(Type).RowSizeBytes(ColumnCount);

    /// <summary>Bytes of the whole tensor, without padding.</summary>
    public long SizeBytes => RowSizeBytes * RowCount;

    public override string ToString() => $"{Name} [{string.Join(" x ", Dimensions)}] {Type}";
}
