namespace LlamaSpec.Measuring.Systems;

/// <summary>Where time went, in milliseconds.</summary>
/// <param name="Draft">In the drafter.</param>
/// <param name="Verify">In the target's decodes.</param>
/// <param name="Sample">In sampling, verification and commit.</param>
/// <param name="Managed">The part of all three outside native calls.</param>
internal readonly record struct RoundTimes(double Draft, double Verify, double Sample, double Managed)
{
    public static RoundTimes operator +(RoundTimes left, RoundTimes right) =>
        new(left.Draft + right.Draft, left.Verify + right.Verify, left.Sample + right.Sample, left.Managed + right.Managed);

    public static RoundTimes operator /(RoundTimes times, double count) =>
        new(times.Draft / count, times.Verify / count, times.Sample / count, times.Managed / count);
}
