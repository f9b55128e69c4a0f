using LlamaSpec.Engine;
using LlamaSpec.Models;
using LlamaSpec.Native;

namespace LlamaSpec.Benchmarks.Backends;

/// <summary>LlamaSpec's own backend.</summary>
/// <param name="options">Models and threads.</param>
/// <param name="usesFastRows">Whether decodes use LlamaSpec's matrix products; else those of llama.cpp, as any other binding.</param>
internal sealed class ShimBackend(BackendOptions options, bool usesFastRows) : MeasuredBackend
{
    private readonly FastRows _fastRows = usesFastRows ? FastRows.Auto : FastRows.Off;

    public override string Description => $"llama.cpp {LlamaBackend.LlamaVersion}";

    public override Task<SpeculativeEngine> StartAsync(SpeculativeEngineOptions engine) => ModelPair.LoadAsync(new ModelPairOptions
    {
        TargetPath = options.TargetPath,
        DraftPath = options.DraftPath,
        RequireDraft = true,
        TargetThreadCount = options.Threads,
        DraftThreadCount = options.Threads,
        GpuLayerCount = 0,
        FastRows = _fastRows,
        Calibration = options.Calibration,
        Engine = engine,
    });

    public override IModelRunner CreateRunner(int cellCapacity)
    {
        using var model = LlamaModel.Load(options.TargetPath, new LlamaModelOptions { GpuLayerCount = 0 });
        return new LlamaModelRunner(model, new LlamaContextOptions { CellCapacity = cellCapacity, ThreadCount = options.Threads, FastRows = _fastRows });
    }
}
