using LlamaSpec.Policies;
using LlamaSpec.Sampling;

namespace LlamaSpec.Measuring.Oracle;

/// <summary>Drafts exactly as many tokens as will be accepted: the ceiling of every draft-length policy. Greedy answers only.</summary>
/// <param name="runLengths">By committed tokens of the answer; 0 beyond the end.</param>
internal sealed class OraclePolicy(IReadOnlyList<int> runLengths) : IDraftLengthPolicy
{
    // Every round commits its accepted tokens and one of the target's.
    private int _position;

    /// <inheritdoc />
    public bool BeforePass(in DraftProgress progress) =>
        _position < runLengths.Count && progress.DraftedCount < runLengths[_position];

    /// <inheritdoc />
    public bool BeforeSampling(in DraftProgress progress, in RowStatistics distribution) => true;

    /// <inheritdoc />
    public void Observe(in RoundOutcome outcome) => _position += outcome.AcceptedCount + 1;
}
