using System.Text.Json;

namespace LlamaSpec.Cli.Demo;

/// <summary>A file of prompts for the demo.</summary>
internal static class PromptFile
{
    // A limit for a file given by mistake.
    private const int MostPrompts = 10_000;

    /// <summary>Reads prompts, one a line: plain text, or JSON with a "turns" array whose first entry is used.</summary>
    /// <exception cref="IOException">The file cannot be read, or holds no prompts.</exception>
    public static IReadOnlyList<string> Read(string path)
    {
        try
        {
            string[] lines = [.. File.ReadLines(path).Where(static line => !string.IsNullOrWhiteSpace(line)).Take(MostPrompts)];
            return lines.Length > 0
                ? [.. lines.Select((line, index) => ReadLine(line, index, path))]
                : throw new IOException("it is empty");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"Cannot read prompts from {path}: {error.Message}", error);
        }
    }

    private static string ReadLine(string line, int index, string path)
    {
        if (line[0] != '{')
        {
            return line;
        }

        try
        {
            using var document = JsonDocument.Parse(line);
            if (document.RootElement.TryGetProperty("turns", out var turns) && turns.ValueKind == JsonValueKind.Array
                && turns.GetArrayLength() > 0 && turns[0].ValueKind == JsonValueKind.String && turns[0].GetString() is { Length: > 0 } text)
            {
                return text;
            }
        }
        catch (JsonException)
        {
            // The same advice as for a missing "turns".
        }

        throw new IOException($"prompt {index + 1} of {path} is no JSON object with a \"turns\" array of texts");
    }
}
