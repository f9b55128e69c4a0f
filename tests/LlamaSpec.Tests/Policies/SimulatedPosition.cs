namespace LlamaSpec.Tests.Policies;

/// <summary>One position of a draft.</summary>
/// <param name="Entropy">Of the draft distribution, in nats.</param>
/// <param name="Acceptance">Probability that the token drawn from it is accepted.</param>
internal readonly record struct SimulatedPosition(double Entropy, double Acceptance)
{
    /// <summary>Draft probability of the second token; 0 = there is none.</summary>
    public double SiblingProbability { get; init; }

    /// <summary>Probability that the target takes that one.</summary>
    public double SiblingAcceptance { get; init; }
}
