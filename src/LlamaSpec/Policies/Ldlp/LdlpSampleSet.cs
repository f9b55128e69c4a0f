using System.Numerics.Tensors;

namespace LlamaSpec.Policies.Ldlp;

/// <summary>
/// What a predictor learns from: for positions of the target's own answers the two rows it will see, and how far the draft would
/// have got. Rows are kept as 16-bit numbers, normalised, so that 4 bytes times the hidden size bound a sample. One thread at a time.
/// </summary>
public sealed class LdlpSampleSet
{
    /// <summary>Bytes that the rows may take, unless another number is given: 1 GiB, 466,000 samples of width 576.</summary>
    public const long DefaultByteLimit = 1L << 30;

    private const int SamplesOfABlock = 1024;

    private readonly List<Half[]> _blocks = [];
    private readonly List<float> _labels = [];
    private readonly List<float> _survivals = [];
    private readonly List<int> _prompts = [];
    private readonly float[] _input;
    private readonly int _capacity;

    /// <summary>Makes an empty set.</summary>
    /// <param name="hiddenSize">Width of a row.</param>
    /// <param name="longestLength">Drafted tokens that are looked at from each position, 1 to <see cref="LdlpWeights.LongestDraft"/>.</param>
    /// <param name="byteLimit">Bytes that the rows may take.</param>
    /// <exception cref="ArgumentException">A number is out of range.</exception>
    public LdlpSampleSet(int hiddenSize, int longestLength, long byteLimit = DefaultByteLimit)
    {
        Check.Range(hiddenSize, 1, LdlpWeights.WidestHiddenRow, nameof(hiddenSize));
        Check.Range(longestLength, 1, LdlpWeights.LongestDraft, nameof(longestLength));
        Check.Range(byteLimit, 1, long.MaxValue, nameof(byteLimit));
        (HiddenSize, LongestLength) = (hiddenSize, longestLength);
        _input = new float[2 * hiddenSize];
        _capacity = (int)Math.Min(byteLimit / (sizeof(ushort) * _input.Length), 1 << 26);
    }

    /// <summary>Width of a row.</summary>
    public int HiddenSize { get; }

    /// <summary>Drafted tokens that are looked at from each position.</summary>
    public int LongestLength { get; }

    /// <summary>Samples.</summary>
    public int Count => _labels.Count;

    /// <summary>Whether no more samples are taken.</summary>
    public bool IsFull => Count >= _capacity;

    /// <summary>The prompts that samples came from, each once.</summary>
    internal IEnumerable<int> Prompts => _prompts.Distinct();

    /// <summary>Adds a position.</summary>
    /// <param name="embedding">Embedding of the anchor token.</param>
    /// <param name="hiddenRow">The hidden row that predicted it.</param>
    /// <param name="survival">The probability that at least 1, 2, .. tokens drafted after it are accepted; their sum is the label.</param>
    /// <param name="prompt">Which prompt it came from: held-out samples are of other prompts than those trained on.</param>
    /// <returns>False when the set is full.</returns>
    /// <exception cref="ArgumentException">A row has another length.</exception>
    public bool Add(ReadOnlySpan<float> embedding, ReadOnlySpan<float> hiddenRow, ReadOnlySpan<float> survival, int prompt)
    {
        if (embedding.Length != HiddenSize || hiddenRow.Length != HiddenSize || survival.Length != LongestLength)
        {
            throw new ArgumentException($"A sample has two rows of {HiddenSize} values and {LongestLength} probabilities.");
        }

        if (IsFull)
        {
            return false;
        }

        var place = Count % SamplesOfABlock;
        if (place == 0)
        {
            _blocks.Add(new Half[SamplesOfABlock * _input.Length]);
        }

        LdlpInput.Write(embedding, hiddenRow, _input);
        TensorPrimitives.ConvertToHalf(_input, _blocks[^1].AsSpan(place * _input.Length, _input.Length));
        _survivals.AddRange(survival);
        _labels.Add(TensorPrimitives.Sum(survival));
        _prompts.Add(prompt);
        return true;
    }

    internal float Label(int sample) => _labels[sample];

    internal int Prompt(int sample) => _prompts[sample];

    internal void ReadSurvival(int sample, Span<float> survival)
    {
        for (var j = 0; j < LongestLength; j++)
        {
            survival[j] = _survivals[(sample * LongestLength) + j];
        }
    }

    /// <summary>Both rows, one after the other.</summary>
    internal void ReadInput(int sample, Span<float> input) => TensorPrimitives.ConvertToSingle(
        _blocks[sample / SamplesOfABlock].AsSpan(sample % SamplesOfABlock * _input.Length, _input.Length), input);
}
