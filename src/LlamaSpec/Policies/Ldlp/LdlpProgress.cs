namespace LlamaSpec.Policies.Ldlp;

/// <summary>How far a training is.</summary>
/// <param name="Epoch">Passes done.</param>
/// <param name="EpochCount">Passes at most.</param>
/// <param name="TrainingError">Weighted error on the samples trained on, while they were.</param>
/// <param name="HeldOutError">Weighted error on the held-out prompts after the pass.</param>
public readonly record struct LdlpProgress(int Epoch, int EpochCount, float TrainingError, float HeldOutError);
