namespace LlamaSpec.Measuring.Results;

/// <summary>How many greedy answers are the same, token by token.</summary>
/// <param name="SameAsOwnPlain">As plain decoding of the same program; null for plain decoding itself.</param>
/// <param name="SameAsPlain">As LlamaSpec's plain decoding.</param>
/// <param name="Divergences">The answers that are not the same as those of plain decoding of the same program.</param>
internal sealed record GreedyIdentity(int? SameAsOwnPlain, int SameAsPlain, IReadOnlyList<AnswerDivergence> Divergences);
