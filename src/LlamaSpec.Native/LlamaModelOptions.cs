namespace LlamaSpec.Native;

/// <summary>How a model file is loaded.</summary>
public sealed class LlamaModelOptions
{
    /// <summary>
    /// Layers to place on a GPU: -1 = all, 0 = none, more than the model has = all. Default -1, which means the CPU where the native libraries have no GPU backend.
    /// </summary>
    public int GpuLayerCount { get; init; } = -1;

    /// <summary>Maps the file instead of reading it, so that its pages are shared and loaded on demand. Default true.</summary>
    public bool UseMemoryMap { get; init; } = true;
}
