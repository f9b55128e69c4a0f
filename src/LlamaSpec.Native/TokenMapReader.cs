using LlamaSpec.Models;
using LlamaSpec.Native.Interop;

namespace LlamaSpec.Native;

/// <summary>Reads the token map of a trimmed draft from its file's metadata. Safe from any thread.</summary>
public static unsafe class TokenMapReader
{
    /// <summary>Metadata key of the map: an int32 array, one target id (or -1) per draft row.</summary>
    public const string TokenMapKey = "llamaspec.draft.token_map";

    /// <summary>Metadata key of the row to feed for a target token that the draft lacks.</summary>
    public const string UnknownTokenKey = "llamaspec.draft.unknown_token";

    /// <summary>Metadata key of the number of tokens of the target.</summary>
    public const string TargetVocabularySizeKey = "llamaspec.draft.target_vocab_size";

    /// <summary>The map, or null when the model has none because its rows are tokens of its own vocabulary.</summary>
    /// <exception cref="ModelFailureException">The map is incomplete or contradicts itself.</exception>
    /// <exception cref="NativeLibraryException">The native libraries are missing or do not fit.</exception>
    public static TokenMap? TryRead(LlamaModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return TryRead(model.FilePath, model.Info.VocabularySize);
    }

    internal static TokenMap? TryRead(string path, int rowCount)
    {
        LlamaBackend.EnsureStarted();
        var targetTokens = TryReadArray(path, TokenMapKey);
        if (targetTokens is null)
        {
            return null;
        }

        if (targetTokens.Length != rowCount)
        {
            throw new ModelFailureException($"{path}: {TokenMapKey} has {targetTokens.Length} entries, but the draft has {rowCount} rows. Use a draft whose metadata is intact.");
        }

        return new TokenMap(targetTokens, ReadInt32(path, UnknownTokenKey), ReadInt32(path, TargetVocabularySizeKey));
    }

    private static int[]? TryReadArray(string path, string key)
    {
        var status = ShimImports.GgufInt32Array(path, key, null, 0, out var length);
        if (status == ShimStatus.NotFound)
        {
            return null;
        }

        if (status is not (ShimStatus.Ok or ShimStatus.BufferTooSmall))
        {
            ShimErrors.ThrowOnError(status);
        }

        var values = new int[length];
        fixed (int* pointer = values)
        {
            ShimErrors.ThrowOnError(ShimImports.GgufInt32Array(path, key, pointer, values.Length, out _));
        }

        return values;
    }

    private static int ReadInt32(string path, string key)
    {
        ShimErrors.ThrowOnError(ShimImports.GgufInteger(path, key, out var value));
        return value is >= int.MinValue and <= int.MaxValue
            ? (int)value
            : throw new ModelFailureException($"{path}: {key} is {value}, which is no token count or id. Use a draft whose metadata is intact.");
    }
}
