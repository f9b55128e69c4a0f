namespace LlamaSpec.Tests.Policies;

/// <summary>A text as the drafter meets it: for each position of a draft the entropy of its distribution, and how likely it is accepted.</summary>
/// <param name="Next">Of the round and the random numbers, the next position.</param>
internal sealed record SimulatedText(Func<int, Random, SimulatedPosition> Next)
{
    /// <summary>The same acceptance everywhere, at one entropy.</summary>
    public static SimulatedText Constant(double acceptance, double entropy = 0.5) => new((_, _) => new SimulatedPosition(entropy, acceptance));

    /// <summary>The same everywhere, with a second token at each position.</summary>
    public static SimulatedText WithSibling(double acceptance, double siblingProbability, double siblingAcceptance) => new((_, _) =>
        new SimulatedPosition(0.5, acceptance) { SiblingProbability = siblingProbability, SiblingAcceptance = siblingAcceptance });

    /// <summary>Two kinds of text in turn.</summary>
    public static SimulatedText Switching(double first, double second, int rounds) =>
        new((round, _) => new SimulatedPosition(0.5, round / rounds % 2 == 0 ? first : second));

    /// <summary>Easy and hard positions in turn, as entropies tell: acceptance falls from nearly 1 to 0.1 as the root of the entropy rises.</summary>
    public static SimulatedText Mixed(double easyShare) => new((_, random) =>
    {
        var root = random.NextDouble() < easyShare ? 0.3 * random.NextDouble() : 0.7 + (1.3 * random.NextDouble());
        return new SimulatedPosition(root * root, Math.Clamp(1 - (0.5 * root), 0.05, 0.98) * (root > 0.5 ? 0.5 : 1));
    });
}
