namespace LlamaSpec.Diagnostics;

/// <summary>Where the time of one step went, in timestamp units.</summary>
/// <param name="Draft">In the drafter.</param>
/// <param name="Verify">In the target's decode.</param>
/// <param name="Sample">In sampling, verification and commit.</param>
/// <param name="Managed">In everything but native calls.</param>
internal readonly record struct StepTimes(long Draft, long Verify, long Sample, long Managed);
