namespace LlamaSpec.Drafting.ModelFree;

/// <summary>The longest end of a text that a <see cref="SuffixAutomaton"/> has seen before. Valid until the next token is appended.</summary>
/// <param name="State">State of the automaton.</param>
/// <param name="Length">Tokens of the match; 0 = none.</param>
public readonly record struct SuffixMatch(int State, int Length);
