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

    /// <summary>The runs of a pair. What only the target knows is looked up once, at the first question.</summary>
    public static AcceptedRuns Create(ModelPairOptions pair)
    {
        var vocabulary = new Lazy<(TokenMap? Map, int Size)>(() => ReadVocabulary(pair));
        return (promptLength, tokens) => Record(pair, vocabulary.Value, promptLength, [.. tokens]);
    }

    private static (TokenMap? Map, int Size) ReadVocabulary(ModelPairOptions pair)
    {
        using var target = LlamaModel.Load(pair.TargetPath ?? EmbeddedPair.TargetPath);
        using var draft = LlamaModel.Load(DraftPath(pair));
        var fitness = DraftFitness.Of(target.ReadTraits(), draft.ReadTraits());
        return fitness.IsUsable
            ? (fitness.Vocabularies!.TokenMap, target.Info.VocabularySize)
            : throw new ModelFailureException($"The oracle needs the draft: {fitness.WhyUnusable}.");
    }

    private static int[] Record(ModelPairOptions pair, (TokenMap? Map, int Size) vocabulary, int promptLength, int[] tokens)
    {
        using var draft = LlamaModel.Load(DraftPath(pair));
        using var runner = new LlamaModelRunner(draft, new LlamaContextOptions
        {
            CellCapacity = Math.Max(tokens.Length, Rows), RowCapacity = Rows, ThreadCount = 1, FastRows = pair.FastRows,
        });
        var recorder = new AcceptanceRecorder(runner, vocabulary.Map, vocabulary.Size, new NativeKernels());
        return AcceptanceRecorder.RunLengths(recorder.RecordMatches(tokens, promptLength));
    }

    private static string DraftPath(ModelPairOptions pair) => pair.DraftPath ?? EmbeddedPair.DraftPath;
}
