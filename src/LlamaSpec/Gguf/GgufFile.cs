using LlamaSpec.Models;

namespace LlamaSpec.Gguf;

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

    /// <summary>Metadata key of the file's place among the parts of a model, counted from 0.</summary>
    public const string PartKey = "split.no";

    /// <summary>Metadata key of the number of parts that a model is in.</summary>
    public const string PartCountKey = "split.count";

    /// <summary>The tensor whose rows are the embeddings of the tokens.</summary>
    public const string TokenEmbeddingName = "token_embd.weight";

    public static ReadOnlySpan<byte> Magic => "GGUF"u8;

    /// <summary>Whether the model goes on in further files: this one then has only some of the tensors.</summary>
    public bool IsPart => Metadata.Integer(PartCountKey) > 1;

    /// <summary>The tensor of a name, or null.</summary>
    public GgufTensor? Find(string name) => Tensors.FirstOrDefault(tensor => tensor.Name == name);

    /// <summary>The first part of a model alone says what the model is.</summary>
    /// <exception cref="ModelFailureException">This is another part.</exception>
    public GgufFile RequireFirstPart() => Metadata.Integer(PartKey) is > 0 and var part
        ? throw new ModelFailureException($"{Path} is part {part + 1} of {Metadata.Integer(PartCountKey)} of a model. Give the path of the first part.")
        : this;

    /// <summary>The next multiple of <paramref name="alignment"/>.</summary>
    public static long Align(long position, long alignment) => (position + alignment - 1) / alignment * alignment;
}
