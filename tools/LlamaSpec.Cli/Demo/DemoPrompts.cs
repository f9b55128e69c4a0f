using System.Text.Json;

namespace LlamaSpec.Cli.Demo;

/// <summary>Questions for the demo, short and of different kinds: acceptance depends on the kind of text.</summary>
internal static class DemoPrompts
{
    // A limit for a file given by mistake.
    private const int MostPrompts = 10_000;

    public static IReadOnlyList<string> BuiltIn { get; } =
    [
        "Write a short story about a lighthouse keeper who finds a message in a bottle.",
        "Why do leaves change their colour in autumn?",
        "Explain how a bicycle stays upright, so that a child understands it.",
        "List seven things to pack for a weekend in the mountains.",
        "Give me a simple recipe for tomato soup, with the steps numbered.",
        "Write a Python function that counts the vowels in a string.",
        "Repeat this text, but in the past tense: The baker opens the shop at six. He fills the shelves with warm bread and waits for the first guests.",
        "I told my sister that I will visit her on Friday, but I have to work. What can I write to her?",
    ];

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
