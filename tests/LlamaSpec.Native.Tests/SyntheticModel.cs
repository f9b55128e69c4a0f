namespace LlamaSpec.Native.Tests;

/// <summary>A one-layer model of random weights under a small byte-level vocabulary.</summary>
internal static class SyntheticModel
{
    private const int Width = 32;

    /// <summary>Control tokens, 256 bytes, the space, then the words.</summary>
    public static string[] Vocabulary(params string[] words) =>
        ["<unk>", "<s>", "</s>", .. Enumerable.Range(0, 256).Select(static value => $"<0x{value:X2}>"), "\u2581", .. words];

    public static GgufWriter WithVocabulary(string[] vocabulary, int endToken = 2, string[]? controlTokens = null) =>
        AddVocabulary(Weights(vocabulary.Length), vocabulary, endToken, controlTokens);

    /// <summary>One layer of Mamba, whose sequences cannot be trimmed in part.</summary>
    public static GgufWriter Recurrent(string[] vocabulary) => AddVocabulary(RecurrentWeights(vocabulary.Length), vocabulary, endToken: 2, controlTokens: null);

    private static GgufWriter AddVocabulary(GgufWriter weights, string[] vocabulary, int endToken, string[]? controlTokens) => weights
        .Add("tokenizer.ggml.model", "llama")
        .Add("tokenizer.ggml.tokens", vocabulary)
        .Add("tokenizer.ggml.scores", [.. vocabulary.Select(static (_, i) => (float)-i)])
        .Add("tokenizer.ggml.token_type", [.. vocabulary.Select((text, i) => TypeOf(text, i, controlTokens))])
        .Add("tokenizer.ggml.bos_token_id", 1u)
        .Add("tokenizer.ggml.eos_token_id", (uint)endToken);

    public static GgufWriter WithoutVocabulary(int rowCount) => Weights(rowCount)
        .Add("llama.vocab_size", (uint)rowCount)
        .Add("tokenizer.ggml.model", "no_vocab");

    // 1 normal, 2 unknown, 3 control, 6 byte.
    private static int TypeOf(string text, int token, string[]? controlTokens) => token switch
    {
        0 => 2,
        < 3 => 3,
        < 259 => 6,
        _ => controlTokens?.Contains(text) == true ? 3 : 1,
    };

    private static GgufWriter Weights(int rowCount) => new GgufWriter()
        .Add("general.architecture", "llama")
        .Add("llama.block_count", 1u)
        .Add("llama.context_length", 256u)
        .Add("llama.embedding_length", (uint)Width)
        .Add("llama.feed_forward_length", (uint)Width)
        .Add("llama.attention.head_count", 1u)
        .Add("llama.attention.layer_norm_rms_epsilon", 1e-5f)
        .AddTensor("token_embd.weight", Width, rowCount)
        .AddTensor("output_norm.weight", Width)
        .AddTensor("blk.0.attn_norm.weight", Width)
        .AddTensor("blk.0.attn_q.weight", Width, Width)
        .AddTensor("blk.0.attn_k.weight", Width, Width)
        .AddTensor("blk.0.attn_v.weight", Width, Width)
        .AddTensor("blk.0.attn_output.weight", Width, Width)
        .AddTensor("blk.0.ffn_norm.weight", Width)
        .AddTensor("blk.0.ffn_gate.weight", Width, Width)
        .AddTensor("blk.0.ffn_up.weight", Width, Width)
        .AddTensor("blk.0.ffn_down.weight", Width, Width);

    private static GgufWriter RecurrentWeights(int rowCount) => new GgufWriter()
        .Add("general.architecture", "mamba")
        .Add("mamba.block_count", 1u)
        .Add("mamba.context_length", 256u)
        .Add("mamba.embedding_length", (uint)Width)
        .Add("mamba.feed_forward_length", 0u)
        .Add("mamba.attention.head_count", 0u)
        .Add("mamba.attention.layer_norm_rms_epsilon", 1e-5f)
        .Add("mamba.ssm.conv_kernel", 4u)
        .Add("mamba.ssm.inner_size", 2u * Width)
        .Add("mamba.ssm.state_size", 16u)
        .Add("mamba.ssm.time_step_rank", 2u)
        .AddTensor("token_embd.weight", Width, rowCount)
        .AddTensor("output_norm.weight", Width)
        .AddTensor("blk.0.attn_norm.weight", Width)
        .AddTensor("blk.0.ssm_in.weight", Width, 4 * Width)
        .AddTensor("blk.0.ssm_conv1d.weight", 4, 2 * Width)
        .AddTensor("blk.0.ssm_conv1d.bias", 2 * Width)
        .AddTensor("blk.0.ssm_x.weight", 2 * Width, 2 + (2 * 16))
        .AddTensor("blk.0.ssm_dt.weight", 2, 2 * Width)
        .AddTensor("blk.0.ssm_dt.bias", 2 * Width)
        .AddTensor("blk.0.ssm_a", 16, 2 * Width)
        .AddTensor("blk.0.ssm_d", 2 * Width)
        .AddTensor("blk.0.ssm_out.weight", 2 * Width, Width);
}
