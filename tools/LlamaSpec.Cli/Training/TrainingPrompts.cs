namespace LlamaSpec.Cli.Training;

/// <summary>Short questions of many kinds, to train a predictor with where no others are given.</summary>
internal static class TrainingPrompts
{
    private const int QuestionsOfATopic = 3;

    private static readonly string[] Forms =
    [
        "Explain {0} to a child.",
        "List five facts about {0}.",
        "Write a short story about {0}.",
        "What should I know about {0}?",
        "Write a poem about {0}.",
        "Give me some advice on {0}, step by step.",
        "Why does {0} matter?",
        "Write a dialogue between two friends about {0}.",
        "Describe {0} in one paragraph.",
    ];

    /// <summary>
    /// Whole questions first, then topics asked about in several forms. One answer says little: its positions are alike, so a
    /// predictor needs many different questions.
    /// </summary>
    public static IReadOnlyList<string> All { get; } = [.. Lines("prompts.txt"), .. Lines("topics.txt").SelectMany(Questions)];

    private static IEnumerable<string> Questions(string topic, int index) =>
        Enumerable.Range(0, QuestionsOfATopic).Select(i => Forms[(index + (i * QuestionsOfATopic)) % Forms.Length].Replace("{0}", topic, StringComparison.Ordinal));

    private static string[] Lines(string name)
    {
        using var stream = typeof(TrainingPrompts).Assembly.GetManifestResourceStream($"LlamaSpec.Cli.Training.{name}")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }
}
