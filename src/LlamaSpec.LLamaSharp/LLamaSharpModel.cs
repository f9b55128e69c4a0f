using LLama.Native;
using LlamaSpec.Models;

namespace LlamaSpec.LLamaSharp;

/// <summary>What LLamaSharp's weights say of a model, in LlamaSpec's words.</summary>
internal static class LLamaSharpModel
{
    public static ModelInfo InfoOf(SafeLlamaModelHandle model) => new()
    {
        Description = model.Description,
        VocabularySize = model.Vocab.Count,
        TrainedContextLength = model.ContextSize,
        LayerCount = model.LayerCount,
        HiddenSize = model.EmbeddingSize,
        ParameterCount = checked((long)model.ParameterCount),
        SizeBytes = checked((long)model.SizeInBytes),
    };

    /// <summary>False for a trimmed draft.</summary>
    public static bool HasVocabulary(SafeLlamaModelHandle model) => model.Vocab.Type != LLamaVocabType.None;

    /// <summary>What decides whether the model can be one of a pair.</summary>
    /// <param name="model">The model.</param>
    /// <param name="map">A trimmed draft's map; null = none.</param>
    public static ModelTraits TraitsOf(SafeLlamaModelHandle model, TokenMap? map) => new()
    {
        IsRecurrent = model.IsRecurrent,
        Vocabulary = HasVocabulary(model) ? VocabularyOf(model) : null,
        TokenMap = map,
    };

    /// <summary>Bytes of a token, or of a control token's name. Writes nothing where they do not fit.</summary>
    public static int ReadToken(SafeLlamaModelHandle model, int token, Span<byte> utf8, bool special) =>
        checked((int)model.TokenToSpan(token, utf8, lstrip: 0, special));

    private static Vocabulary VocabularyOf(SafeLlamaModelHandle model) => new(
        model.Vocab.Count, IdOf(model.Vocab.BOS), IdOf(model.Vocab.EOS), (token, utf8) => ReadToken(model, token, utf8, special: true));

    private static int IdOf(LLamaToken? token) => token is { } known ? (int)known : -1;
}
