namespace LlamaSpec.Measuring.Formats;

/// <summary>
/// How the values of a tensor are stored, by ggml's numbers and names. Files may hold others, which have no
/// <see cref="ITensorFormat"/> here.
/// </summary>
internal enum TensorType : uint
{
    F32 = 0,
    F16 = 1,
    Q4_0 = 2,
    Q4_1 = 3,
    Q8_0 = 8,
    BF16 = 30,
}
