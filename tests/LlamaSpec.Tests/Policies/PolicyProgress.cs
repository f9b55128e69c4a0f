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

    public static PolicyContext Context => new() { Sampling = SamplingOptions.Greedy, MaximumDraftLength = 8 };

    public static RoundOutcome Round(int draftedCount, int acceptedCount, int maximumLength = 8) =>
        new() { DraftedCount = draftedCount, AcceptedCount = acceptedCount, MaximumLength = maximumLength };

    public static RowStatistics Candidate(double entropy) => new() { Entropy = (float)entropy };
}
