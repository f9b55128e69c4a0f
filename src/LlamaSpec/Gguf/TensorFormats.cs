using LlamaSpec.Models;

namespace LlamaSpec.Gguf;

/// <summary>The formats that can be read and written.</summary>
internal static class TensorFormats
{
    private static readonly TensorFormat[] All =
    [
        new F32Format(), new F16Format(), new BF16Format(), new Q40Format(), new Q41Format(), new Q80Format(),
    ];

    /// <summary>The names of the types, for messages.</summary>
    public static string Names => string.Join(", ", All.Select(static format => format.Type));

    public static bool Has(TensorType type) => Find(type) is not null;

    /// <summary>The format of a type.</summary>
    /// <exception cref="ModelFailureException">There is none for this type.</exception>
    public static TensorFormat Of(TensorType type) => Find(type) ?? throw new ModelFailureException(
        $"Tensors of type {type} cannot be read here, only those of {Names}. "
        + "Convert the model to one of these with llama-quantize.");

    private static TensorFormat? Find(TensorType type) => Array.Find(All, format => format.Type == type);
}
