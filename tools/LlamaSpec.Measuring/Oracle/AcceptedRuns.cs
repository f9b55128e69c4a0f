namespace LlamaSpec.Measuring.Oracle;

/// <summary>
/// Tells how many drafted tokens in a row the target would accept at each place of a greedy answer: entry i is the length of the
/// longest accepted draft when i tokens of the answer are committed. 0 beyond the last entry.
/// </summary>
/// <param name="promptLength">Tokens of the prompt.</param>
/// <param name="tokens">The prompt, then the plain greedy answer without the token that ends it.</param>
internal delegate IReadOnlyList<int> AcceptedRuns(int promptLength, IReadOnlyList<int> tokens);
