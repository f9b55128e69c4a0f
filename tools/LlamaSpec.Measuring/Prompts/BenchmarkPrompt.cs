namespace LlamaSpec.Measuring.Prompts;

/// <summary>A question of a prompt file.</summary>
/// <param name="Id">Its name, which no other question of the file has.</param>
/// <param name="Category">Its kind of task: drafts are accepted more often in some than in others.</param>
/// <param name="Question">The first turn.</param>
internal sealed record BenchmarkPrompt(string Id, string Category, string Question);
