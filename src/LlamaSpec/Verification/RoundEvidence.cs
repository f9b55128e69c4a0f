namespace LlamaSpec.Verification;

/// <summary>What verification saw on its way to an acceptance: policies learn from it. One per slot, sized once.</summary>
/// <param name="capacity">Longest draft.</param>
internal sealed class RoundEvidence(int capacity)
{
    private readonly double[] _acceptanceProbabilities = new double[capacity];
    private int _testedCount;
    private float[] _hiddenRow = [];
    private bool _hasHiddenRow;

    /// <summary>Sum of min(target, draft) at each position up to the first rejection, which is included.</summary>
    public ReadOnlyMemory<double> AcceptanceProbabilities => _acceptanceProbabilities.AsMemory(0, _testedCount);

    /// <summary>Entropy of the target's distribution that the last token came from, in nats.</summary>
    public double TargetEntropy { get; set; }

    /// <summary>The target's hidden row that the last token came from; empty where it was not kept.</summary>
    public ReadOnlyMemory<float> HiddenRow => _hasHiddenRow ? _hiddenRow : default(ReadOnlyMemory<float>);

    /// <summary>Makes room for a hidden row. Called before a request starts, so that no step allocates.</summary>
    public void Reserve(int hiddenSize)
    {
        if (_hiddenRow.Length != hiddenSize)
        {
            _hiddenRow = new float[hiddenSize];
        }
    }

    public void Clear()
    {
        _testedCount = 0;
        _hasHiddenRow = false;
    }

    /// <summary>Keeps a hidden row: what the backend hands out does not outlive its next decode.</summary>
    public void Keep(ReadOnlySpan<float> hiddenRow)
    {
        hiddenRow.CopyTo(_hiddenRow);
        _hasHiddenRow = true;
    }

    public void Add(double acceptanceProbability) => _acceptanceProbabilities[_testedCount++] = acceptanceProbability;
}
