using System.Runtime.InteropServices;

namespace LlamaSpec.Native;

/// <summary>Where layers that were asked for on a GPU are computed.</summary>
public static class GpuPlacement
{
    /// <summary>
    /// Why they are computed on the processor although a number of layers was asked for on a GPU, in one line; null = they are
    /// not, or none were asked for. That costs speed and nothing else.
    /// </summary>
    /// <param name="options">What was asked for. -1 asks for nothing where there is no GPU.</param>
    /// <exception cref="NativeLibraryException">The native libraries are missing or do not fit.</exception>
    public static string? WhyOnProcessor(ModelPairOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var isAsked = options.GpuLayerCount > 0 || (options.DraftGpuLayerCount > 0 && options.DraftPathInUse is not null);
        return isAsked ? WhyNoGpu() : null;
    }

    /// <summary>Why llama.cpp has no GPU here, in one line; null = it has one.</summary>
    /// <exception cref="NativeLibraryException">The native libraries are missing or do not fit.</exception>
    public static string? WhyNoGpu() => LlamaBackend.Gpus.Count > 0 ? null : Explain(LlamaBackend.LibraryDirectory);

    /// <summary>Looks for what is missing between the libraries of a folder and a GPU.</summary>
    internal static string Explain(string directory)
    {
        var backend = Path.Combine(directory, OperatingSystem.IsWindows() ? "ggml-cuda.dll" : "libggml-cuda.so");
        if (!File.Exists(backend))
        {
            return $"there is no GPU backend in {directory}; ./build.sh setup --cuda fetches the one for NVIDIA GPUs";
        }

        try
        {
            NativeLibrary.Free(NativeLibrary.Load(backend));
            return $"{backend} finds no GPU that it can use";
        }
        catch (Exception error) when (error is DllNotFoundException or BadImageFormatException)
        {
            return $"{backend} cannot be loaded: {Cause(error.Message)}";
        }
    }

    // The runtime puts what the loader said at the end of a line, after advice for developers, and again for every name that it tried.
    private static string Cause(string message)
    {
        const string Missing = ": cannot open shared object file";
        var lines = message.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var line = lines.FirstOrDefault(static line => line.Contains(Missing, StringComparison.Ordinal));
        return line is null ? lines[^1] : $"{line[..line.IndexOf(Missing, StringComparison.Ordinal)].Split(' ')[^1]} is missing";
    }
}
