using LlamaSpec.Models;
using LlamaSpec.Native;
using LlamaSpec.Native.Kernels;
using LlamaSpec.Policies.Ldlp;

namespace LlamaSpec.Measuring.Oracle;

/// <summary>Looks accepted runs up by letting the draft read the plain answer once. The draft is loaded for each question and freed.</summary>
internal static class DraftOracle
{
    // The draft gives the logits of all rows of a decode.
    private const int Rows = 64;

    /// <summary>The runs of a pair.</summary>
    public static AcceptedRuns Create(ModelPairOptions pair) => (promptLength, tokens) => Record(pair, promptLength, [.. tokens]);

    private static int[] Record(ModelPairOptions pair, int promptLength, int[] tokens)
    {
        using var target = LlamaModel.Load(pair.TargetPath ?? EmbeddedPair.TargetPath);
        using var draft = LlamaModel.Load(pair.DraftPath ?? EmbeddedPair.DraftPath);
        var fitness = DraftFitness.Of(target, draft);
        if (!fitness.IsUsable)
        {
            throw new ModelFailureException($"The oracle needs the draft: {fitness.WhyUnusable}.");
        }

        using var runner = new LlamaModelRunner(draft, new LlamaContextOptions
        {
            CellCapacity = Math.Max(tokens.Length, Rows), RowCapacity = Rows, ThreadCount = 1, FastRows = pair.FastRows,
        });
        var recorder = new AcceptanceRecorder(runner, fitness.Vocabularies!.TokenMap, target.Info.VocabularySize, new NativeKernels());
        return AcceptanceRecorder.RunLengths(recorder.RecordMatches(tokens, promptLength));
    }
}
