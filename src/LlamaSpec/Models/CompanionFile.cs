namespace LlamaSpec.Models;

/// <summary>A file that training writes beside a model, with the model's name and another ending.</summary>
internal static class CompanionFile
{
    private const string ModelExtension = ".gguf";

    /// <summary>Where the file is looked for: "model.gguf" has "model" and the ending, any other name gets the ending after its own.</summary>
    public static string PathFor(string modelPath, string extension)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(modelPath);
        return modelPath.EndsWith(ModelExtension, StringComparison.OrdinalIgnoreCase)
            ? modelPath[..^ModelExtension.Length] + extension
            : modelPath + extension;
    }

    /// <summary>Loads a file. One that is missing, damaged or made for another model is a reason, never an exception.</summary>
    /// <param name="path">The file.</param>
    /// <param name="command">The command that makes such files.</param>
    /// <param name="load">Reads one.</param>
    /// <param name="whyUnfit">How it was made for something else, as the rest of a sentence that starts with the path, or null.</param>
    /// <param name="reason">Why there is none, in one sentence without its full stop; empty when there is one.</param>
    public static T? TryLoad<T>(string path, string command, Func<string, T> load, Func<T, string?> whyUnfit, out string reason)
        where T : class
    {
        try
        {
            if (!File.Exists(path))
            {
                reason = $"there is no {path}: llamaspec {command} makes it";
                return null;
            }

            var loaded = load(path);
            reason = whyUnfit(loaded) is { } fault ? $"{path} {fault}: train it again with llamaspec {command}" : string.Empty;
            return reason.Length == 0 ? loaded : null;
        }
        catch (Exception error) when (error is IOException or InvalidDataException or UnauthorizedAccessException or NotSupportedException)
        {
            reason = $"{path} cannot be used: {error.Message.TrimEnd('.')}";
            return null;
        }
    }
}
