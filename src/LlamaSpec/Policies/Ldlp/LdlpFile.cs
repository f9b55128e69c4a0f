using LlamaSpec.Models;

namespace LlamaSpec.Policies.Ldlp;

/// <summary>Finds the draft-length predictor of a pair: a file beside the draft, with its name and the ending .ldlp.</summary>
public static class LdlpFile
{
    /// <summary>The ending of a predictor's file.</summary>
    public const string Extension = ".ldlp";

    /// <summary>Where the predictor of a draft is looked for: "draft.gguf" has "draft.ldlp".</summary>
    public static string PathFor(string draftPath) => CompanionFile.PathFor(draftPath, Extension);

    /// <summary>Loads the predictor of a pair. A file that is missing, damaged or of another pair is a reason, never an exception.</summary>
    /// <param name="draftPath">The draft's file.</param>
    /// <param name="targetPath">The target's file.</param>
    /// <param name="target">What the target says of itself.</param>
    /// <param name="reason">Why there is no predictor, in one sentence without its full stop; empty when there is one.</param>
    /// <returns>The predictor, or null.</returns>
    public static LdlpWeights? TryLoad(string draftPath, string targetPath, ModelInfo target, out string reason)
    {
        ArgumentNullException.ThrowIfNull(target);
        return CompanionFile.TryLoad(PathFor(draftPath), "train-ldlp", LdlpWeights.Load, weights => WhyUnfit(weights, draftPath, targetPath, target), out reason);
    }

    private static string? WhyUnfit(LdlpWeights weights, string draftPath, string targetPath, ModelInfo target) =>
        weights.HiddenSize != target.HiddenSize ? $"was trained for hidden rows of {weights.HiddenSize} values, but the target's have {target.HiddenSize}"
        : weights.Origin.TargetFingerprint != ModelFingerprint.Of(targetPath) ? $"was trained for another target than {targetPath}"
        : weights.Origin.DraftFingerprint != ModelFingerprint.Of(draftPath) ? $"was trained for another draft than {draftPath}"
        : null;
}
