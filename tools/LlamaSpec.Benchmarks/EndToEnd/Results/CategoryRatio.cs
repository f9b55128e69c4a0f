namespace LlamaSpec.Benchmarks.EndToEnd.Results;

/// <summary>The speed of a system in one kind of task.</summary>
/// <param name="Category">The kind.</param>
/// <param name="ToPlain">Over plain decoding, rows off.</param>
internal sealed record CategoryRatio(string Category, RatioEstimate ToPlain);
