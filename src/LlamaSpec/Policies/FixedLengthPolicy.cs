using LlamaSpec.Sampling;

namespace LlamaSpec.Policies;

/// <summary>Always the same number of tokens; 0 is plain decoding.</summary>
/// <param name="length">Tokens to draft each round.</param>
public sealed class FixedLengthPolicy(int length) : IDraftLengthPolicy
{
    /// <inheritdoc />
    public bool BeforePass(in DraftProgress progress) => progress.DraftedCount < length;

    /// <inheritdoc />
    public bool BeforeSampling(in DraftProgress progress, in RowStatistics distribution) => true;

    /// <inheritdoc />
    public void Observe(in RoundOutcome outcome)
    {
    }
}
