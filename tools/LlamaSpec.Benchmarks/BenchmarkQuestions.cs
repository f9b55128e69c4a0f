namespace LlamaSpec.Benchmarks;

/// <summary>Short questions whose answers run long.</summary>
internal static class BenchmarkQuestions
{
    public static readonly string[] All =
    [
        "Write a short story about a lighthouse keeper.", "Why is the sky blue?", "Explain how bread rises.", "List five animals that live in the sea.",
        "Give me a recipe for pancakes.", "Write a poem about rain.", "How do plants make food?", "Write a Python function that adds two numbers.",
    ];
}
