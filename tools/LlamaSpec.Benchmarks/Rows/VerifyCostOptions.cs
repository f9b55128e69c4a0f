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

    /// <summary>Throws when a number is out of range.</summary>
    /// <exception cref="ArgumentException">The message names it.</exception>
    public void Validate()
    {
        if (Depth < 0 || MostRows < 1 || Repeats < 1)
        {
            throw new ArgumentException($"The depth must be 0 or more, rows and repeats 1 or more, but they are {Depth}, {MostRows} and {Repeats}.");
        }
    }
}
