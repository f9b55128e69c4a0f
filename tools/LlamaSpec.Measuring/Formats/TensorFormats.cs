using LlamaSpec.Models;

namespace LlamaSpec.Measuring.Formats;

/// <summary>The formats that can be read and written.</summary>
internal static class TensorFormats
{
    private static readonly ITensorFormat[] All =
    [
        new F32Format(), new F16Format(), new BF16Format(), new Q40Format(), new Q41Format(), new Q80Format(),
    ];

    public static bool Has(TensorType type) => Find(type) is not null;

    /// <summary>The format of a type.</summary>
    /// <exception cref="ModelFailureException">There is none for this type.</exception>
    public static ITensorFormat Of(TensorType type) => Find(type) ?? throw new ModelFailureException(
        $"Tensors of ggml type {(uint)type} cannot be read here, only {string.Join(", ", All.Select(static format => format.Type))}. "
        + "Convert the model to one of these with llama-quantize.");

    private static ITensorFormat? Find(TensorType type) => Array.Find(All, format => format.Type == type);
}
