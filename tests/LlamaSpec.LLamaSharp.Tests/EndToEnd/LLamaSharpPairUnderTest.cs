using LLama.Common;
using LlamaSpec.Calibration;
using LlamaSpec.Contracts.Pairs;
using LlamaSpec.Engine;
using LlamaSpec.Models;
using LlamaSpec.Sampling;

namespace LlamaSpec.LLamaSharp.Tests.EndToEnd;

/// <summary>The embedded pair, loaded by LLamaSharp.</summary>
internal sealed class LLamaSharpPairUnderTest : PairUnderTest
{
    public override ITokenizer Tokenizer { get; } = new LLamaSharpTokenizer(EmbeddedWeights.Target);

    public override IKernels Kernels { get; } = new ManagedKernels();

    public override TokenMap? DraftMap { get; } = TokenMapReader.TryRead(EmbeddedWeights.DraftPath);

    public override Task<SpeculativeEngine> StartAsync(PairSetup setup)
    {
        var draft = setup.Draft switch
        {
            PairDraft.None => null,
            PairDraft.Target => EmbeddedWeights.Parameters(EmbeddedWeights.TargetPath),
            _ => EmbeddedWeights.Parameters(EmbeddedWeights.DraftPath),
        };
        return LLamaSharpPair.LoadAsync(
            EmbeddedWeights.Parameters(EmbeddedWeights.TargetPath), draft,
            new LLamaSharpPairOptions { Calibration = CalibrationMode.Off, RequireDraft = draft is not null, DraftPaths = setup.DraftPaths, Engine = setup.Engine });
    }

    public override IModelRunner CreateTargetRunner(int cellCapacity, int rowCapacity, int sequenceCapacity) =>
        new LLamaSharpRunner(EmbeddedWeights.Target, Sized(EmbeddedWeights.TargetPath, cellCapacity, rowCapacity, sequenceCapacity));

    public override IModelRunner CreateDraftRunner(int cellCapacity, int rowCapacity, int sequenceCapacity) =>
        new LLamaSharpRunner(EmbeddedWeights.Draft, Sized(EmbeddedWeights.DraftPath, cellCapacity, rowCapacity, sequenceCapacity));

    private static ModelParams Sized(string path, int cellCapacity, int rowCapacity, int sequenceCapacity) => EmbeddedWeights.Parameters(path) with
    {
        ContextSize = (uint)cellCapacity,
        BatchSize = (uint)rowCapacity,
        UBatchSize = (uint)rowCapacity,
        SeqMax = (uint)sequenceCapacity,
    };
}
