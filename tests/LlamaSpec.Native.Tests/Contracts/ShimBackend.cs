using LlamaSpec.Contracts.Runners;
using LlamaSpec.Models;

namespace LlamaSpec.Native.Tests.Contracts;

/// <summary>llama.cpp, through the shim, as a backend of the contracts: over the embedded target.</summary>
internal sealed class ShimBackend : RunnerBackend
{
    public override int[] Text { get; } =
        EmbeddedModels.Target.Tokenizer.Encode("Once upon a time there was a small house near the sea.", addSpecial: false, parseSpecial: false);

    public override float Noise => Logits.Noise;

    // Measured: up to 0.7, where a wrong token on the way makes 9 and more.
    public override float NoiseOfMovedCells => 1.5f;

    public override float Signal => 4;

    public override IModelRunner Create(int cellCapacity, int rowCapacity, int sequenceCapacity) => new LlamaModelRunner(
        EmbeddedModels.Target,
        new LlamaContextOptions { CellCapacity = cellCapacity, RowCapacity = rowCapacity, SequenceCapacity = sequenceCapacity, ThreadCount = 1 });
}
