using LlamaSpec.Models;
using LlamaSpec.Native;

namespace LlamaSpec.Cli.Commands;

/// <summary>What to do about a model that does not load, for the messages of the native library that only say what is wrong.</summary>
internal static class LoadAdvice
{
    private const string ContextFailure = "the context could not be created";

    /// <summary>Loads, and puts advice into the message when that fails.</summary>
    public static async Task<T> AddAsync<T>(ModelPairOptions options, Func<Task<T>> load)
    {
        try
        {
            return await load();
        }
        catch (ModelFailureException error) when (TryAdd(error.Message, options) is { } message)
        {
            throw new ModelFailureException(message, error);
        }
    }

    /// <summary>The message with advice that fits it, or null where it has advice already or none is known.</summary>
    public static string? TryAdd(string message, ModelPairOptions options)
    {
        if (message.EndsWith('.'))
        {
            return null;
        }

        // Findings about a file start with its path, such as "x.gguf is empty (0 bytes)".
        if (IsAbout(message, options.TargetPath ?? EmbeddedPair.TargetPath) || IsAbout(message, options.DraftPath))
        {
            return $"{message}. Check the file, or download it again.";
        }

        return message.StartsWith(ContextFailure, StringComparison.Ordinal)
            ? $"{message}. Try a smaller --ctx-size, --flash-attn auto, or --gpu-layers 0."
            : null;
    }

    private static bool IsAbout(string message, string? path) => path is not null && message.StartsWith($"{path} ", StringComparison.Ordinal);
}
