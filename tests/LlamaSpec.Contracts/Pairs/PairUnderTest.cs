using LlamaSpec.Diagnostics;
using LlamaSpec.Engine;
using LlamaSpec.Models;
using LlamaSpec.Sampling;

namespace LlamaSpec.Contracts.Pairs;

/// <summary>
/// How the contracts of the whole get engines and runners over one pair of real models, through one backend. The embedded pair is
/// meant: the fixtures ask for as many accepted tokens as it gives. Everything computes with one thread and without a calibration.
/// </summary>
public abstract class PairUnderTest
{
    /// <summary>The target's tokenizer.</summary>
    public abstract ITokenizer Tokenizer { get; }

    /// <summary>Kernels for engines and drafters.</summary>
    public abstract IKernels Kernels { get; }

    /// <summary>The draft's vocabulary, where it is not the target's own.</summary>
    public abstract TokenMap? DraftMap { get; }

    /// <summary>Starts an engine.</summary>
    public abstract Task<SpeculativeEngine> StartAsync(PairSetup setup);

    /// <summary>Makes a runner over the target that computes as an engine's does.</summary>
    public abstract IModelRunner CreateTargetRunner(int cellCapacity, int rowCapacity, int sequenceCapacity);

    /// <summary>Makes a runner over the draft.</summary>
    public abstract IModelRunner CreateDraftRunner(int cellCapacity, int rowCapacity, int sequenceCapacity);

    /// <summary>Tokens of a request's prompt, as the engine makes them.</summary>
    public int[] PromptTokens(GenerationRequest request) =>
        Tokenizer.Encode(Tokenizer.FormatChat(request.Messages!, addAssistantTurn: true), addSpecial: true, parseSpecial: true);

    /// <summary>
    /// Where two answers to a request part: how far the target's two largest logits are apart there. null where they do not part.
    /// </summary>
    public float? GapWhereTheyPart(GenerationRequest request, GenerationResult expected, GenerationResult actual)
    {
        var common = expected.Tokens.Zip(actual.Tokens).TakeWhile(static pair => pair.First == pair.Second).Count();
        if (common == expected.Tokens.Count && common == actual.Tokens.Count)
        {
            return null;
        }

        using var probe = new TopTwoGapProbe(CreateTargetRunner(cellCapacity: 512, rowCapacity: 512, sequenceCapacity: 1));
        return probe.Measure([.. PromptTokens(request), .. expected.Tokens.Take(common)]);
    }
}
