namespace LlamaSpec.Cli.Comparison;

/// <summary>Questions for comparisons, short and of different kinds: acceptance depends on the kind of text.</summary>
internal static class BuiltInPrompts
{
    public static IReadOnlyList<string> All { get; } =
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
}
