using LlamaSpec.Engine;
using LlamaSpec.Models;

namespace LlamaSpec.Benchmarks.Backends;

/// <summary>A way to run a pair: a backend with its settings.</summary>
internal abstract class MeasuredBackend
{
    public const string Shim = "shim", FastShim = "shim-fast-rows", LLamaSharp = "llamasharp", LLamaSharpWithKernels = "llamasharp-native-kernels";

    /// <summary>All of them; those over LLamaSharp only where it is part of the build.</summary>
    public static IReadOnlyList<string> Names { get; } =
#if LLAMASHARP
        [Shim, FastShim, LLamaSharp, LLamaSharpWithKernels];
#else
        [Shim, FastShim];
#endif

    public static MeasuredBackend Create(string name, BackendOptions options) => name switch
    {
        Shim => new ShimBackend(options, usesFastRows: false),
        FastShim => new ShimBackend(options, usesFastRows: true),
#if LLAMASHARP
        LLamaSharp => new LLamaSharpBackend(options, usesNativeKernels: false),
        LLamaSharpWithKernels => new LLamaSharpBackend(options, usesNativeKernels: true),
#endif
        _ => throw new ArgumentException($"There is no backend {name} in this build, only {string.Join(", ", Names)}."),
    };

    /// <summary>What the figures depend on, for the heading.</summary>
    public abstract string Description { get; }

    /// <summary>Starts an engine over the pair.</summary>
    public abstract Task<SpeculativeEngine> StartAsync(SpeculativeEngineOptions engine);

    /// <summary>Makes a context of one sequence over the target.</summary>
    public abstract IModelRunner CreateRunner(int cellCapacity);
}
