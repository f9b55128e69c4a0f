using LlamaSpec.Sampling;

namespace LlamaSpec.Policies;

/// <summary>Hugging Face's heuristic: two tokens more after a round whose whole draft was accepted, else one less, never below one.</summary>
public sealed class HeuristicPolicy : IDraftLengthPolicy
{
    /// <summary>Length of the first round: Hugging Face's default before it became dynamic.</summary>
    public const int FirstLength = 5;

    /// <summary>Length of the next round, before the engine's limit.</summary>
    public int Length { get; private set; } = FirstLength;

    /// <inheritdoc />
    public bool BeforePass(in DraftProgress progress) => progress.DraftedCount < Length;

    /// <inheritdoc />
    public bool BeforeSampling(in DraftProgress progress, in RowStatistics distribution) => true;

    /// <inheritdoc />
    public void Observe(in RoundOutcome outcome)
    {
        if (outcome.DraftedCount > 0)
        {
            // Not above what rounds can draft: a length that nobody sees would take as long to come down again.
            Length = outcome.AcceptedCount == outcome.DraftedCount ? Math.Min(Length + 2, Math.Max(outcome.MaximumLength, 1)) : Math.Max(Length - 1, 1);
        }
    }
}
