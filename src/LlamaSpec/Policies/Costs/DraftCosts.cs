namespace LlamaSpec.Policies.Costs;

/// <summary>What the passes of a draft model cost in a round. Times in milliseconds.</summary>
/// <param name="FirstPassMilliseconds">The first pass of a round, of the anchor token alone: the draft's weights left the cache while the target ran.</param>
/// <param name="NextPassMilliseconds">Each further pass, of one row.</param>
/// <param name="RowMilliseconds">Each further row of a sequence that a pass catches up on. 0 = not measurable.</param>
/// <param name="BatchRowMilliseconds">Each further sequence in the same pass. 0 = not measurable.</param>
public sealed record DraftCosts(double FirstPassMilliseconds, double NextPassMilliseconds, double RowMilliseconds, double BatchRowMilliseconds)
{
    internal void Validate()
    {
        Check.Range(FirstPassMilliseconds, CostProfile.ShortestMilliseconds, CostProfile.LongestMilliseconds, nameof(FirstPassMilliseconds));
        Check.Range(NextPassMilliseconds, CostProfile.ShortestMilliseconds, CostProfile.LongestMilliseconds, nameof(NextPassMilliseconds));
        Check.Range(RowMilliseconds, 0, CostProfile.LongestMilliseconds, nameof(RowMilliseconds));
        Check.Range(BatchRowMilliseconds, 0, CostProfile.LongestMilliseconds, nameof(BatchRowMilliseconds));
    }
}
