namespace LlamaSpec.Measuring.Prompts;

/// <summary>A question as all systems get it.</summary>
/// <param name="Id">That of the question.</param>
/// <param name="Category">That of the question.</param>
/// <param name="Text">The conversation as the target's own chat template writes it.</param>
/// <param name="TokenCount">Its tokens.</param>
internal sealed record ChatPrompt(string Id, string Category, string Text, int TokenCount);
