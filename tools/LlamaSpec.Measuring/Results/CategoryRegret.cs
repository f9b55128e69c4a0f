namespace LlamaSpec.Measuring.Results;

/// <summary>The best fixed length of one kind of task, known afterwards, and what the policies give away to it.</summary>
/// <param name="Category">The kind, or <see cref="CategoryFigures.All"/>, where it is the best single length.</param>
/// <param name="BestFixed">The fixed length with the largest speed-up.</param>
/// <param name="BestFixedSpeedUp">Over plain decoding.</param>
/// <param name="Policies">All policies of the run, the fixed ones too.</param>
internal sealed record CategoryRegret(string Category, string BestFixed, double BestFixedSpeedUp, IReadOnlyList<PolicyRegret> Policies);
