namespace LlamaSpec.Measuring.Gguf;

/// <summary>The header of a GGUF file: its metadata, and where the data of each tensor lie.</summary>
/// <param name="Path">The file.</param>
/// <param name="Metadata">Its key-value pairs.</param>
/// <param name="Tensors">Its tensors, in the file's order.</param>
/// <param name="DataStart">Position of the data section, from which tensor offsets count.</param>
internal sealed record GgufFile(string Path, GgufMetadata Metadata, IReadOnlyList<GgufTensor> Tensors, long DataStart)
{
    /// <summary>The only version there is a writer for; version 2 differs from it in nothing that is read here.</summary>
    public const uint Version = 3;

    public const string AlignmentKey = "general.alignment";
    public const int DefaultAlignment = 32;

    public static ReadOnlySpan<byte> Magic => "GGUF"u8;

    /// <summary>The next multiple of <paramref name="alignment"/>.</summary>
    public static long Align(long position, long alignment) => (position + alignment - 1) / alignment * alignment;
}
