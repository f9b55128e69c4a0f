namespace LlamaSpec.Verification;

/// <summary>What verification saw on its way to an acceptance: policies learn from it. One per slot, sized once.</summary>
/// <param name="capacity">Longest draft.</param>
internal sealed class RoundEvidence(int capacity)
{
    private readonly double[] _acceptanceProbabilities = new double[capacity];
    private int _testedCount;

    /// <summary>Sum of min(target, draft) at each position up to the first rejection, which is included.</summary>
    public ReadOnlyMemory<double> AcceptanceProbabilities => _acceptanceProbabilities.AsMemory(0, _testedCount);

    /// <summary>Entropy of the target's distribution that the last token came from, in nats.</summary>
    public double TargetEntropy { get; set; }

    public void Clear() => _testedCount = 0;

    public void Add(double acceptanceProbability) => _acceptanceProbabilities[_testedCount++] = acceptanceProbability;
}
