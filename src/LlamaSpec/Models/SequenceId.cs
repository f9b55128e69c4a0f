namespace LlamaSpec.Models;

/// <summary>Names one sequence of a KV cache: 0 up to, not including, <see cref="IModelRunner.SequenceCapacity"/>.</summary>
public readonly record struct SequenceId(int Value);
