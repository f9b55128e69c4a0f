namespace LlamaSpec.Native;

/// <summary>The size of a KV cache and how it is computed. llama.cpp rounds sizes; the runner reports what was allocated.</summary>
public sealed class LlamaContextOptions
{
    /// <summary>KV cache cells, shared by all sequences. Default 4096; 1 to 16,777,216, rounded up to a multiple of 256.</summary>
    public int CellCapacity { get; init; } = 4096;

    /// <summary>Most rows of one decode. Default 512; 1 to 65,536. Scratch memory grows with it times the vocabulary.</summary>
    public int RowCapacity { get; init; } = 512;

    /// <summary>Number of sequences. Default 1; 1 to 256.</summary>
    public int SequenceCapacity { get; init; } = 1;

    /// <summary>Threads that compute a decode. Default: the number of logical processors, at most 8, since more rarely pay; 1 to 512.</summary>
    public int ThreadCount { get; init; } = Math.Min(Environment.ProcessorCount, 8);

    /// <summary>Fused attention: null = llama.cpp decides (the default), else forced on or off.</summary>
    public bool? FlashAttention { get; init; }

    /// <summary>Whether decodes use LlamaSpec's own matrix products. Default: where the processor can.</summary>
    public FastRows FastRows { get; init; }
}
