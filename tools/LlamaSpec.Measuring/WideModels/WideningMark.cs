using LlamaSpec.Gguf;

namespace LlamaSpec.Measuring.WideModels;

/// <summary>What a widened model was made from and into; written into its metadata, so that a file found can be told from any other.</summary>
/// <param name="SourceHash">SHA-256 of the source, hexadecimal, in lower case.</param>
/// <param name="Width">Values of a hidden row.</param>
/// <param name="Type">Type of the matrices.</param>
internal sealed record WideningMark(string SourceHash, int Width, TensorType Type)
{
    private const string SourceHashKey = "llamaspec.widened.source_sha256";
    private const string WidthKey = "llamaspec.widened.width";
    private const string TypeKey = "llamaspec.widened.type";

    /// <summary>The mark of a model, or null when it has none.</summary>
    public static WideningMark? Read(GgufMetadata metadata) =>
        metadata.Text(SourceHashKey) is { } hash && metadata.Integer(WidthKey) is { } width && metadata.Integer(TypeKey) is { } type
            ? new WideningMark(hash, (int)width, (TensorType)type)
            : null;

    public void WriteTo(GgufMetadata metadata) => metadata
        .Set(SourceHashKey, GgufValue.Of(SourceHash))
        .Set(WidthKey, GgufValue.Of((uint)Width))
        .Set(TypeKey, GgufValue.Of((uint)Type));
}
