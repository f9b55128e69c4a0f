using LLama;
using LLama.Common;
using LlamaSpec.Engine;
using LlamaSpec.LLamaSharp;
using LlamaSpec.Models;
using LlamaSpec.Native.Kernels;

namespace LlamaSpec.Benchmarks.Backends;

/// <summary>The backend over LLamaSharp.</summary>
/// <param name="options">Models and threads.</param>
/// <param name="usesNativeKernels">Whether rows are computed by LlamaSpec's native kernels; else by the managed ones, the backend's default.</param>
internal sealed class LLamaSharpBackend(BackendOptions options, bool usesNativeKernels) : MeasuredBackend
{
    private bool _isReady;

    public override string Description => $"LLamaSharp {LLamaSharpVersion.Tested}";

    public override Task<SpeculativeEngine> StartAsync(SpeculativeEngineOptions engine)
    {
        Prepare();
        return LLamaSharpPair.LoadAsync(
            Parameters(options.TargetPath), Parameters(options.DraftPath),
            new LLamaSharpPairOptions { RequireDraft = true, Calibration = options.Calibration, Engine = engine, Kernels = usesNativeKernels ? new NativeKernels() : null });
    }

    public override IModelRunner CreateRunner(int cellCapacity)
    {
        Prepare();
        using var weights = LLamaWeights.LoadFromFile(Parameters(options.TargetPath));
        return new LLamaSharpRunner(weights, Parameters(options.TargetPath) with { ContextSize = (uint)cellCapacity });
    }

    private ModelParams Parameters(string path) => new(path) { Threads = options.Threads, BatchThreads = options.Threads, GpuLayerCount = 0 };

    private void Prepare()
    {
        if (!_isReady)
        {
            LLamaSharpNatives.UseThoseOfTheEnvironment();
            _isReady = true;
        }
    }
}
