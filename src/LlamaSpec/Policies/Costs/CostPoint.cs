namespace LlamaSpec.Policies.Costs;

/// <summary>What a decode of so many rows was measured to take.</summary>
/// <param name="Rows">Rows of the decode, 1 to 65,536.</param>
/// <param name="Milliseconds">Its time, above 0.</param>
public readonly record struct CostPoint(int Rows, double Milliseconds);
