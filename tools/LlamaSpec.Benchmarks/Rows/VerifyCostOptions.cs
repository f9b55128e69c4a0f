namespace LlamaSpec.Benchmarks.Rows;

/// <summary>What <see cref="VerifyCost"/> measures.</summary>
internal sealed record VerifyCostOptions
{
    /// <summary>Tokens in the KV cache before the rows. Default 64.</summary>
    public int Depth { get; init; } = 64;

    /// <summary>Most rows of a decode. Default 16.</summary>
    public int MostRows { get; init; } = 16;

    /// <summary>Turns; the median of all decodes counts. Default 15.</summary>
    public int Repeats { get; init; } = 15;

    /// <summary>Threads. null (default) = all processors, at most 8.</summary>
    public int? ThreadCount { get; init; }
}
