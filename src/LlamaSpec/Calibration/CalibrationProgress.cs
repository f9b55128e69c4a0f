namespace LlamaSpec.Calibration;

/// <summary>How far a calibration is.</summary>
/// <param name="What">What is being measured, for example "rows at depth 512".</param>
/// <param name="Done">Parts done.</param>
/// <param name="Total">Parts in all; some may be left out for lack of time.</param>
public readonly record struct CalibrationProgress(string What, int Done, int Total);
