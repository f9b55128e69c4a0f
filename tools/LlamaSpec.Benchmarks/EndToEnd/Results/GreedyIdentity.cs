namespace LlamaSpec.Benchmarks.EndToEnd.Results;

/// <summary>How many greedy answers are the same, token by token.</summary>
/// <param name="SameAsOwnPlain">As plain decoding with the same kernels; null for plain decoding itself.</param>
/// <param name="SameAsPlain">As plain decoding with the rows off.</param>
/// <param name="Divergences">The answers that are not the same as those of plain decoding with the same kernels.</param>
internal sealed record GreedyIdentity(int? SameAsOwnPlain, int SameAsPlain, IReadOnlyList<AnswerDivergence> Divergences);
