using LlamaSpec.Gguf;

namespace LlamaSpec.Measuring.WideModels;

/// <summary>What a widened model is to be.</summary>
internal sealed record WidenOptions
{
    // The shim's limit.
    private const int MostThreads = 512;

    /// <summary>What the matrices can be: not F32, which is only larger, nor Q4_1, which ggml computes at half the speed of Q4_0.</summary>
    private static readonly TensorType[] Types = [TensorType.Q8_0, TensorType.Q4_0, TensorType.BF16, TensorType.F16];

    /// <summary>Type of the matrices. Default Q8_0.</summary>
    public TensorType Type { get; init; } = TensorType.Q8_0;

    /// <summary>
    /// Values of a hidden row. Default 1536: the embedded target becomes one of 0.28B parameters, more than any cache holds.
    /// null = that of the source: the copy is requantised, not widened.
    /// </summary>
    public int? Width { get; init; } = 1536;

    /// <summary>Keep a copy whose logits are not the original's, and say so. Default false: such a copy is an error.</summary>
    public bool KeepsOther { get; init; }

    /// <summary>The file to write. null (default) = one in <see cref="BenchmarkCache.Folder"/>, named after the source and its hash.</summary>
    public string? OutputPath { get; init; }

    /// <summary>Write the file even if it is there. Default false.</summary>
    public bool Force { get; init; }

    /// <summary>Compare the logits also when the file is there already. Default false; a file just written is always checked.</summary>
    public bool ChecksReused { get; init; }

    /// <summary>Threads of the check. null (default) = all processors, at most 8. Range 1 to 512.</summary>
    public int? ThreadCount { get; init; }

    /// <summary>A copy of the same shape. Fewer bits may make it another model, and its check is the only one to say so, so it is always made.</summary>
    public static WidenOptions Requantised(TensorType type) => new() { Type = type, Width = null, KeepsOther = true, ChecksReused = true };

    /// <summary>The names of the types that can be asked for.</summary>
    public static string[] TypeNames { get; } = [.. Types.Select(NameOf)];

    /// <summary>The name of a type, as llama.cpp's tools write it.</summary>
    public static string NameOf(TensorType type) => type.ToString().ToLowerInvariant();

    /// <summary>The type of a name of <see cref="TypeNames"/>.</summary>
    public static TensorType ParseType(string name) => Enum.Parse<TensorType>(name, ignoreCase: true);

    /// <summary>Throws when a value is out of range, as far as that can be said without the model.</summary>
    /// <exception cref="ArgumentException">The message names the range.</exception>
    public void Validate()
    {
        if (ThreadCount is < 1 or > MostThreads)
        {
            throw new ArgumentException($"The number of threads must be from 1 to {MostThreads}; it is {ThreadCount}.");
        }
    }
}
