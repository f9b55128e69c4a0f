using LlamaSpec.Calibration;
using LlamaSpec.Contracts.Pairs;
using LlamaSpec.Engine;
using LlamaSpec.Models;
using LlamaSpec.Native.Kernels;
using LlamaSpec.Sampling;

namespace LlamaSpec.Native.Tests.EndToEnd;

/// <summary>The embedded pair, through the shim and the native kernels.</summary>
internal sealed class LlamaPair : PairUnderTest
{
    public override ITokenizer Tokenizer => EmbeddedModels.Target.Tokenizer;

    public override IKernels Kernels { get; } = new NativeKernels();

    public override TokenMap? DraftMap { get; } = DraftFitness.Of(EmbeddedModels.Target.ReadTraits(), EmbeddedModels.Draft.ReadTraits()).Vocabularies!.TokenMap;

    public override Task<SpeculativeEngine> StartAsync(PairSetup setup) => ModelPair.LoadAsync(new ModelPairOptions
    {
        UseDraft = setup.Draft != PairDraft.None,
        RequireDraft = setup.Draft != PairDraft.None,
        DraftPath = setup.Draft == PairDraft.Target ? EmbeddedPair.TargetPath : null,
        DraftPaths = setup.DraftPaths,
        TargetThreadCount = 1,
        Calibration = CalibrationMode.Off,
        Engine = setup.Engine,
    });

    public override IModelRunner CreateTargetRunner(int cellCapacity, int rowCapacity, int sequenceCapacity) =>
        new LlamaModelRunner(EmbeddedModels.Target, Context(cellCapacity, rowCapacity, sequenceCapacity));

    public override IModelRunner CreateDraftRunner(int cellCapacity, int rowCapacity, int sequenceCapacity) =>
        new LlamaModelRunner(EmbeddedModels.Draft, Context(cellCapacity, rowCapacity, sequenceCapacity));

    private static LlamaContextOptions Context(int cellCapacity, int rowCapacity, int sequenceCapacity) =>
        new() { CellCapacity = cellCapacity, RowCapacity = rowCapacity, SequenceCapacity = sequenceCapacity, ThreadCount = 1 };
}
