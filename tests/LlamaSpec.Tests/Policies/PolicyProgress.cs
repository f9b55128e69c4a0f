using LlamaSpec.Policies;
using LlamaSpec.Sampling;

namespace LlamaSpec.Tests.Policies;

/// <summary>What policies are asked about.</summary>
internal static class PolicyProgress
{
    public static DraftProgress After(int draftedCount, int maximumLength = 8) => new()
    {
        DraftedCount = draftedCount,
        MaximumLength = maximumLength,
        ConcurrentRequests = 1,
    };

    public static RowStatistics Candidate(double entropy) => new() { Entropy = (float)entropy };
}
