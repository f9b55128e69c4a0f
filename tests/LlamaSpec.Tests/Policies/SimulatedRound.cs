namespace LlamaSpec.Tests.Policies;

/// <summary>What a simulated round came to.</summary>
/// <param name="DraftedCount">Tokens drafted.</param>
/// <param name="PassCount">Draft passes.</param>
/// <param name="ExpectedTokens">Tokens that such a round commits on average: the luck of its acceptance is left out of a comparison.</param>
/// <param name="Milliseconds">What it takes on a quiet machine.</param>
internal readonly record struct SimulatedRound(int DraftedCount, int PassCount, double ExpectedTokens, double Milliseconds)
{
    /// <summary>Tokens beside the main path.</summary>
    public int SiblingCount { get; init; }
}
