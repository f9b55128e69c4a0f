namespace LlamaSpec.Measuring.WideModels;

/// <summary>How far the making of a widened model is.</summary>
/// <param name="Stage">What is being done: "hashing", "writing", "checking".</param>
/// <param name="Fraction">Done of this stage, 0 to 1.</param>
internal readonly record struct WidenProgress(string Stage, double Fraction);
