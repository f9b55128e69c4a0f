using LlamaSpec.Gguf;
using LlamaSpec.Models;

namespace LlamaSpec.Measuring.WideModels;

/// <summary>What a tensor of a llama model is for.</summary>
/// <param name="Columns">What its columns count.</param>
/// <param name="Rows">What its rows count.</param>
/// <param name="IsNorm">Whether it is the weight of an RMSNorm.</param>
internal readonly record struct TensorRole(TensorAxis Columns, TensorAxis Rows = TensorAxis.Unchanged, bool IsNorm = false)
{
    private const string LayerPrefix = "blk.";

    /// <summary>The role of a tensor, by its name.</summary>
    /// <exception cref="ModelFailureException">The name is unknown, so nobody can say how the tensor grows.</exception>
    public static TensorRole Of(GgufTensor tensor) => WithoutLayer(tensor.Name) switch
    {
        "token_embd.weight" or "output.weight" => new(TensorAxis.Hidden),
        "attn_q.weight" => new(TensorAxis.Hidden, TensorAxis.Queries),
        "attn_k.weight" or "attn_v.weight" => new(TensorAxis.Hidden, TensorAxis.Keys),
        "attn_output.weight" => new(TensorAxis.Queries, TensorAxis.Hidden),
        "ffn_gate.weight" or "ffn_up.weight" => new(TensorAxis.Hidden, TensorAxis.FeedForward),
        "ffn_down.weight" => new(TensorAxis.FeedForward, TensorAxis.Hidden),
        "attn_norm.weight" or "ffn_norm.weight" or "output_norm.weight" => new(TensorAxis.Hidden, IsNorm: true),
        "rope_freqs.weight" => new(TensorAxis.Unchanged),
        _ => throw new ModelFailureException(
            $"The tensor {tensor} cannot be widened: it is not one of a dense llama model without biases. Take such a model."),
    };

    // "blk.12.attn_q.weight" -> "attn_q.weight"
    private static string WithoutLayer(string name) => name.StartsWith(LayerPrefix, StringComparison.Ordinal)
        ? name[(name.IndexOf('.', LayerPrefix.Length) + 1)..]
        : name;
}
