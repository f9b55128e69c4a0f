namespace LlamaSpec.Measuring.Results;

/// <summary>Where a greedy answer parts from the plain one of the same program.</summary>
/// <param name="PromptId">The question.</param>
/// <param name="Repeat">From 1.</param>
/// <param name="Position">Index of the first token that differs, from 0.</param>
internal sealed record AnswerDivergence(string PromptId, int Repeat, int Position);
