namespace LlamaSpec.Models;

/// <summary>Reads one token of a vocabulary: its bytes, or how the vocabulary spells it.</summary>
/// <param name="token">A token id.</param>
/// <param name="utf8">Receives the bytes, where they fit.</param>
/// <returns>The number of bytes; where it is larger than the span, call again with a longer one.</returns>
public delegate int TokenTextReader(int token, Span<byte> utf8);
