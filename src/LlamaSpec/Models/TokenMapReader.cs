using LlamaSpec.Gguf;

namespace LlamaSpec.Models;

/// <summary>Reads the token map of a trimmed draft from its file's metadata. Safe from any thread.</summary>
public static class TokenMapReader
{
    /// <summary>Metadata key of the map: an int32 array, one target id (or -1) per draft row.</summary>
    public const string TokenMapKey = "llamaspec.draft.token_map";

    /// <summary>Metadata key of the row to feed for a target token that the draft lacks.</summary>
    public const string UnknownTokenKey = "llamaspec.draft.unknown_token";

    /// <summary>Metadata key of the number of tokens of the target.</summary>
    public const string TargetVocabularySizeKey = "llamaspec.draft.target_vocab_size";

    private const string Advice = "Use a draft whose metadata is intact.";

    /// <summary>The map, or null when the model has none because its rows are tokens of its own vocabulary.</summary>
    /// <param name="path">A GGUF file; of a model in several parts, the first.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="ModelFailureException">The map is incomplete or contradicts itself, or the file cannot be read.</exception>
    public static TokenMap? TryRead(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var file = GgufReader.Read(path).RequireFirstPart();
        if (!file.Metadata.TryGet(TokenMapKey, out var value))
        {
            return null;
        }

        var targetTokens = value.AsInt32Array() ?? throw new ModelFailureException($"{path}: {TokenMapKey} is not an array of int32. {Advice}");
        var rowCount = RowCount(file);
        return targetTokens.Length == rowCount
            ? new TokenMap(targetTokens, Integer(file, UnknownTokenKey), Integer(file, TargetVocabularySizeKey))
            : throw new ModelFailureException($"{path}: {TokenMapKey} has {targetTokens.Length} entries, but the draft has {rowCount} rows. {Advice}");
    }

    // The embeddings may lie in another part of the model, or without the size in the metadata.
    private static long RowCount(GgufFile file)
    {
        var sizeKey = $"{file.Metadata.Text("general.architecture")}.vocab_size";
        return file.Find(GgufFile.TokenEmbeddingName)?.RowCount ?? file.Metadata.Integer(sizeKey)
            ?? throw new ModelFailureException($"{file.Path} has neither {GgufFile.TokenEmbeddingName} nor {sizeKey}, so its {TokenMapKey} cannot be checked. {Advice}");
    }

    private static int Integer(GgufFile file, string key)
    {
        if (!file.Metadata.TryGet(key, out var value))
        {
            throw new ModelFailureException($"{file.Path} has no metadata key {key}. {Advice}");
        }

        return value.AsInteger() switch
        {
            null => throw new ModelFailureException($"{file.Path}: {key} is not an integer. {Advice}"),
            >= int.MinValue and <= int.MaxValue and var number => (int)number,
            var number => throw new ModelFailureException($"{file.Path}: {key} is {number}, which is no token count or id. {Advice}"),
        };
    }
}
