using LlamaSpec.Drafting.ModelFree;
using LlamaSpec.Gguf;
using LlamaSpec.Models;
using LlamaSpec.Policies.Ldlp;

namespace LlamaSpec.LLamaSharp;

/// <summary>Where the models of a pair were loaded from, and what lies there for the pair.</summary>
/// <param name="TargetPath">The target's file.</param>
/// <param name="DraftPath">The draft's; null = there is none.</param>
internal sealed record PairFiles(string TargetPath, string? DraftPath)
{
    /// <summary>A trimmed draft's map, or null.</summary>
    /// <exception cref="ModelFailureException">The map is incomplete or contradicts itself.</exception>
    public TokenMap? TryReadMap() => DraftPath is null ? null : TokenMapReader.TryRead(DraftPath);

    /// <summary>The tri-grams counted for the target, or null.</summary>
    public TrigramTable? TryLoadTrigrams(ITokenizer tokenizer) => TrigramFile.TryLoad(TrigramFile.PathFor(TargetPath), tokenizer, out _);

    /// <summary>The pair's draft-length predictor, or null: nothing depends on it but the policies that ask for it.</summary>
    /// <param name="target">What the target says of itself.</param>
    /// <param name="embeddings">What the predictor reads, to be disposed after it; null without a predictor.</param>
    public LdlpPredictor? TryLoadPredictor(ModelInfo target, out TokenEmbeddingFile? embeddings)
    {
        embeddings = null;
        if (DraftPath is null || LdlpFile.TryLoad(DraftPath, TargetPath, target, out _) is not { } weights)
        {
            return null;
        }

        try
        {
            var file = new TokenEmbeddingFile(TargetPath);
            if (file.Width == weights.HiddenSize)
            {
                embeddings = file;
                return new LdlpPredictor(weights, file.Read);
            }

            file.Dispose();
        }
        catch (ModelFailureException)
        {
            // Embeddings of a type that needs llama.cpp, for example.
        }

        return null;
    }
}
