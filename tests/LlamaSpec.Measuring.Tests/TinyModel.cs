using System.Runtime.InteropServices;
using LlamaSpec.Gguf;
using LlamaSpec.Measuring.WideModels;

namespace LlamaSpec.Measuring.Tests;

/// <summary>
/// A llama model of two layers and random F32 weights: width 64, two heads of 32 that share a key head. Its rows are so small that
/// the norms' epsilon weighs as much as they do, and its logits so large that a wrong norm shows.
/// </summary>
internal sealed class TinyModel
{
    public const int Width = 64;
    public const int TokenCount = 128;
    private const int HeadSize = 32;
    private const int FeedForwardWidth = 96;

    private readonly List<GgufTensor> _tensors =
    [
        Tensor("token_embd.weight", Width, TokenCount),
        Tensor("output.weight", Width, TokenCount),
        Tensor("output_norm.weight", Width),
        .. Layer(0),
        .. Layer(1),
    ];

    public GgufMetadata Metadata { get; } = new GgufMetadata()
        .Set("general.architecture", GgufValue.Of("llama"))
        .Set("general.name", GgufValue.Of("tiny"))
        .Set("llama.block_count", GgufValue.Of(2u))
        .Set("llama.context_length", GgufValue.Of(256u))
        .Set("llama.embedding_length", GgufValue.Of((uint)Width))
        .Set("llama.feed_forward_length", GgufValue.Of((uint)FeedForwardWidth))
        .Set("llama.attention.head_count", GgufValue.Of(2u))
        .Set("llama.attention.head_count_kv", GgufValue.Of(1u))
        .Set("llama.attention.layer_norm_rms_epsilon", GgufValue.Of(1e-5f))
        .Set("llama.vocab_size", GgufValue.Of((uint)TokenCount))
        .Set("tokenizer.ggml.model", GgufValue.Of("no_vocab"));

    /// <summary>What every weight is multiplied by.</summary>
    public float Scale { get; init; } = 1;

    public TinyModel With(string name, params long[] dimensions)
    {
        _tensors.RemoveAll(tensor => tensor.Name == name);
        _tensors.Add(new GgufTensor(name, dimensions, TensorType.F32));
        return this;
    }

    public GgufFile Save(string path)
    {
        using (var stream = File.Create(path))
        {
            var writer = new GgufWriter(stream, Metadata, _tensors);
            var random = new Random(7);
            foreach (var tensor in _tensors)
            {
                writer.Write(MemoryMarshal.AsBytes<float>(Weights(tensor, random)));
                writer.EndTensor();
            }

            writer.Finish();
        }

        return GgufReader.Read(path);
    }

    private static GgufTensor[] Layer(int layer) =>
    [
        Tensor($"blk.{layer}.attn_norm.weight", Width),
        Tensor($"blk.{layer}.attn_q.weight", Width, Width),
        Tensor($"blk.{layer}.attn_k.weight", Width, HeadSize),
        Tensor($"blk.{layer}.attn_v.weight", Width, HeadSize),
        Tensor($"blk.{layer}.attn_output.weight", Width, Width),
        Tensor($"blk.{layer}.ffn_norm.weight", Width),
        Tensor($"blk.{layer}.ffn_gate.weight", Width, FeedForwardWidth),
        Tensor($"blk.{layer}.ffn_up.weight", Width, FeedForwardWidth),
        Tensor($"blk.{layer}.ffn_down.weight", FeedForwardWidth, Width),
    ];

    private static GgufTensor Tensor(string name, params long[] dimensions) => new(name, dimensions, TensorType.F32);

    private float[] Weights(GgufTensor tensor, Random random)
    {
        // Rows start at 0.003, and each layer adds as little.
        var size = tensor.Name switch
        {
            "token_embd.weight" => 0.005f,
            var name when name.EndsWith("attn_output.weight", StringComparison.Ordinal) || name.EndsWith("ffn_down.weight", StringComparison.Ordinal) => 0.001f,
            _ => 0.5f,
        };
        var offset = tensor.Dimensions.Count == 1 ? 1 : 0;
        return [.. Enumerable.Range(0, (int)(tensor.ColumnCount * tensor.RowCount)).Select(_ => Scale * (offset + (size * ((2 * random.NextSingle()) - 1))))];
    }
}
