namespace LlamaSpec.Contracts.Pairs;

/// <summary>Fifty short things that people ask.</summary>
internal static class Prompts
{
    public static readonly string[] All =
    [
        "Write a short story about a lighthouse keeper.", "Why is the sky blue?", "Explain how bread rises.", "List five animals that live in the sea.",
        "What is the capital of France?", "Give me a recipe for pancakes.", "Write a poem about rain.", "How do plants make food?",
        "Write a Python function that adds two numbers.", "What should I pack for a trip to the mountains?", "Tell me about the moon.",
        "Describe a busy market in the morning.", "How can I sleep better?", "What is a volcano?", "Write a letter to an old friend.",
        "Explain what a computer does.", "List three ways to save water.", "What makes a good teacher?", "Tell me a story about a dragon who likes tea.",
        "How does a bicycle stay upright?", "Name the planets of the solar system.", "Write a short dialogue between a cat and a dog.",
        "What is the difference between weather and climate?", "How do I boil an egg?", "Describe the taste of an orange.",
        "Rewrite this sentence politely: give me the book.", "Repeat after me: the quick brown fox jumps over the lazy dog.", "What is photosynthesis?",
        "Write a slogan for a shop that sells shoes.", "Why do leaves change colour in autumn?", "Give three tips for learning a language.",
        "What is friendship?", "Tell me how to plant a tree.", "Write a short news report about a lost parrot.", "How do birds fly?",
        "What is a prime number?", "Summarise the story of a boy who cried wolf.", "List the steps to wash a car.", "What does a doctor do?",
        "Write a JavaScript loop that prints the numbers from 1 to 10.", "Describe a winter evening by the fire.", "What is gravity?",
        "Give me ideas for a birthday party.", "How are rainbows made?", "Write a riddle about a clock.", "What is the water cycle?",
        "Explain kindness to a child.", "List four colours and something of each colour.", "How does a ship float?", "Write the beginning of a fairy tale.",
    ];
}
