using LlamaSpec.Contracts.Runners;
using LlamaSpec.Models;

namespace LlamaSpec.LLamaSharp.Tests.Contracts;

/// <summary>LLamaSharp as a backend of the contracts, over the embedded target.</summary>
/// <param name="isHandedOver">Whether the runner gets a context that exists; else it makes its own.</param>
internal sealed class LLamaSharpBackend(bool isHandedOver) : RunnerBackend
{
    private static readonly LLamaSharpTokenizer Tokenizer = new(EmbeddedWeights.Target);

    public override int[] Text { get; } = Tokenizer.Encode("Once upon a time there was a small house near the sea.", addSpecial: false, parseSpecial: false);

    public override float Noise => 0.05f;

    public override float NoiseOfMovedCells => 1.5f;

    public override float Signal => 4;

    // LLamaSharp pins all 128 rows that a batch has room for: 12,464 bytes.
    public override long AllocatedBytesPerDecodeLimit => 16_000;

    public override IModelRunner Create(int cellCapacity, int rowCapacity, int sequenceCapacity)
    {
        var parameters = EmbeddedWeights.Parameters(EmbeddedWeights.TargetPath) with
        {
            ContextSize = (uint)cellCapacity,
            BatchSize = (uint)rowCapacity,
            UBatchSize = (uint)rowCapacity,
            SeqMax = (uint)sequenceCapacity,
        };
        return isHandedOver
            ? new LLamaSharpRunner(EmbeddedWeights.Target.CreateContext(parameters))
            : new LLamaSharpRunner(EmbeddedWeights.Target, parameters);
    }
}
