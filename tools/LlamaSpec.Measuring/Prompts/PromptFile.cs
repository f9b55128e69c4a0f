using System.Text.Json;

namespace LlamaSpec.Measuring.Prompts;

/// <summary>A file of questions in the format of Spec-Bench: one JSON object a line, with "id", "category" and "turns".</summary>
internal static class PromptFile
{
    // A limit for a file given by mistake.
    private const int MostLines = 100_000;

    /// <summary>Reads the first questions of each category, in the order of the file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="limitPerCategory">Most questions of a category. Default: all.</param>
    /// <param name="categories">The categories to read. null (default) = all.</param>
    /// <exception cref="InvalidDataException">A line is no such object; the message has its number. Or a category is not there.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static IReadOnlyList<BenchmarkPrompt> Read(string path, int limitPerCategory = int.MaxValue, IReadOnlyList<string>? categories = null)
    {
        var name = Path.GetFileName(path);
        List<BenchmarkPrompt> prompts = [];
        Dictionary<string, int> lineOfId = [], countOfCategory = [];
        var number = 0;
        foreach (var line in File.ReadLines(path).Take(MostLines))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line))
            {
                continue;
            }

            var prompt = ReadLine(line) ?? throw new InvalidDataException(
                $"{name}, line {number}: not a JSON object with \"id\" (text or number), \"category\" (text) and \"turns\" (an array, a text first).");
            if (!lineOfId.TryAdd(prompt.Id, number))
            {
                throw new InvalidDataException(
                    $"{name}, line {number}: the id {prompt.Id} is that of line {lineOfId[prompt.Id]} too. Give each question its own.");
            }

            var count = countOfCategory.GetValueOrDefault(prompt.Category);
            countOfCategory[prompt.Category] = count + 1;
            if (count < limitPerCategory && categories?.Contains(prompt.Category) != false)
            {
                prompts.Add(prompt);
            }
        }

        if (countOfCategory.Count > 0 && categories?.FirstOrDefault(category => !countOfCategory.ContainsKey(category)) is { } missing)
        {
            throw new InvalidDataException($"{name} has no category \"{missing}\". It has {string.Join(", ", countOfCategory.Keys)}.");
        }

        return prompts.Count > 0 ? prompts : throw new InvalidDataException($"{name} holds no questions.");
    }

    private static BenchmarkPrompt? ReadLine(string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            return document.RootElement.ValueKind == JsonValueKind.Object ? ReadObject(document.RootElement) : null;
        }
        catch (JsonException)
        {
            // The same advice as for a missing property.
            return null;
        }
    }

    private static BenchmarkPrompt? ReadObject(JsonElement root)
    {
        var id = root.TryGetProperty("id", out var idElement) && idElement.ValueKind is JsonValueKind.String or JsonValueKind.Number
            ? idElement.ToString()
            : null;
        var category = root.TryGetProperty("category", out var categoryElement) ? Text(categoryElement) : null;
        var question = root.TryGetProperty("turns", out var turns) && turns.ValueKind == JsonValueKind.Array && turns.GetArrayLength() > 0
            ? Text(turns[0])
            : null;
        return string.IsNullOrEmpty(id) || string.IsNullOrEmpty(category) || string.IsNullOrEmpty(question)
            ? null
            : new BenchmarkPrompt(id, category, question);
    }

    private static string? Text(JsonElement element) => element.ValueKind == JsonValueKind.String ? element.GetString() : null;
}
