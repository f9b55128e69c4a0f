namespace LlamaSpec.Native;

/// <summary>
/// Whether decodes use LlamaSpec's own matrix products (native/rows) in place of llama.cpp's. They read the weights once for
/// many rows, so that verifying a draft costs little more than decoding one token, and a row's sums are the same bits whatever
/// the number of rows. Against llama.cpp's kernels the logits differ by rounding. Weights of Q8_0, Q4_0, BF16 and F16 on the
/// CPU; anything else stays with llama.cpp.
/// </summary>
public enum FastRows
{
    /// <summary>On where the processor has the instructions: AVX-512 VNNI, AVX-VNNI, AVX2 or arm64 dot products.</summary>
    Auto,

    /// <summary>On; an error on a processor without the instructions.</summary>
    On,

    /// <summary>llama.cpp's own kernels alone.</summary>
    Off,
}
